#!/bin/sh
# A Sentinel: sentinel.sh REDIS REDIS... Its file is written by itself while it runs, so it lives in memory; after a
# restart it takes for the master whoever is, and the first one when nobody says so.
set -eu
export REDISCLI_AUTH="$REDIS_PASSWORD"
master=$1
for host in "$@"; do
    if redis-cli -h "$host" info replication 2>/dev/null | grep -q '^role:master'; then
        master=$host
        break
    fi
done
cat > /conf/sentinel.conf <<CONF
port 26379
dir /tmp
requirepass $REDIS_PASSWORD
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel monitor mymaster $master 6379 2
sentinel auth-pass mymaster $REDIS_PASSWORD
sentinel down-after-milliseconds mymaster 5000
sentinel failover-timeout mymaster 30000
sentinel parallel-syncs mymaster 1
CONF
exec redis-server /conf/sentinel.conf --sentinel
