#!/bin/sh
# A Redis of the pair: start.sh OWN_NAME [MASTER]. What was acknowledged is on disk, and on the replica while there is one.
set -eu
set -- "$1" "${2:-}"
follow=""
if [ -n "$2" ]; then follow="--replicaof $2 6379"; fi
# shellcheck disable=SC2086
exec redis-server --port 6379 --dir /data --appendonly yes --appendfsync everysec --save "" \
    --maxmemory "${REDIS_MEMORY:-1gb}" --maxmemory-policy noeviction \
    --requirepass "$REDIS_PASSWORD" --masterauth "$REDIS_PASSWORD" \
    --replica-announce-ip "$1" --min-replicas-max-lag 10 $follow
