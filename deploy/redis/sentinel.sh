#!/bin/sh
# A Sentinel: sentinel.sh FIRST_MASTER. Its file is written by itself while it runs, so it lives in memory.
set -eu
cat > /conf/sentinel.conf <<CONF
port 26379
dir /tmp
requirepass $REDIS_PASSWORD
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel monitor mymaster $1 6379 2
sentinel auth-pass mymaster $REDIS_PASSWORD
sentinel down-after-milliseconds mymaster 5000
sentinel failover-timeout mymaster 30000
sentinel parallel-syncs mymaster 1
CONF
exec redis-server /conf/sentinel.conf --sentinel
