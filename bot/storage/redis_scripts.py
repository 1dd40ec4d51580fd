"""Lua scripts of the Redis stores. Keys of one conversation share a hash tag (Redis Cluster)."""

APPEND = """
-- KEYS: number, entries, once, waiting, work; ARGV: once or empty, record, state of work, keep seconds
if ARGV[1] ~= '' then
  local seen = redis.call('HGET', KEYS[3], ARGV[1])
  if seen then return {tonumber(seen), 0} end
end
local seq = redis.call('INCR', KEYS[1])
redis.call('ZADD', KEYS[2], seq, seq .. ':' .. ARGV[2])
redis.call("EXPIRE", KEYS[2], ARGV[4])
redis.call("EXPIRE", KEYS[1], ARGV[4] * 12) -- numbers outlive messages: a cursor must not meet them again
if ARGV[1] ~= '' then
  redis.call('HSET', KEYS[3], ARGV[1], seq)
  redis.call('EXPIRE', KEYS[3], ARGV[4])
end
if ARGV[3] ~= 'none' and ARGV[3] ~= 'done' then
  redis.call('ZADD', KEYS[4], seq, seq)
  redis.call('HSET', KEYS[5], seq, ARGV[3])
end
return {seq, 1}
"""

NEXT_WORK = """
-- KEYS: waiting, entries, work. Returns {record, state}, or nothing.
local seq = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if not seq then return nil end
local record = redis.call('ZRANGEBYSCORE', KEYS[2], seq, seq)[1]
local state = redis.call('HGET', KEYS[3], seq)
if not record or not state then return nil end
return {record, state}
"""

MARK = """
-- KEYS: waiting, work; ARGV: seq, before, after
local now = redis.call('HGET', KEYS[2], ARGV[1])
if not now or now ~= ARGV[2] then return 0 end
if ARGV[3] ~= 'none' and ARGV[3] ~= 'done' then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
else
  redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[1], ARGV[1])
end
return 1
"""

PUT_SESSION = """
-- KEYS: session; ARGV: record, until, milliseconds to live
local until_now = redis.call('HGET', KEYS[1], 'until')
if until_now and tonumber(until_now) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'record', ARGV[1], 'until', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""

TAKE_TURN = """
-- KEYS: tickets, queue, leases; ARGV: owner, lease milliseconds, 1 to queue up
-- Drops owners whose lease ran out, renews mine. 1: my turn, 0: wait, -1: I was dropped.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, owner in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
  redis.call('ZREM', KEYS[2], owner)
  redis.call('ZREM', KEYS[3], owner)
end
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then
  if ARGV[3] == '0' then return -1 end
  redis.call('ZADD', KEYS[2], redis.call('INCR', KEYS[1]), ARGV[1])
end
redis.call('ZADD', KEYS[3], now + ARGV[2], ARGV[1])
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[2] * 20) end
if redis.call('ZRANGE', KEYS[2], 0, 0)[1] == ARGV[1] then return 1 end
return 0
"""

LEAVE_QUEUE = """
-- KEYS: queue, leases, wake-up channel; ARGV: owner
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
if redis.call('ZCARD', KEYS[1]) > 0 then redis.call('PUBLISH', KEYS[3], 'free') end
return 1
"""

READ_BATCHES = """
-- KEYS: batches, head; ARGV: version the reader has, 1 for the whole log
-- Returns {version} when the reader is up to date, else {version, from, snapshot, batches}.
local gone = tonumber(redis.call('HGET', KEYS[2], 'gone') or 0)
local version = gone + redis.call('LLEN', KEYS[1])
if version == tonumber(ARGV[1]) then return {version} end
local from, snapshot = gone, ''
if ARGV[2] == '0' then
  local head = redis.call('HMGET', KEYS[2], 'from', 'snapshot')
  if head[1] then from, snapshot = tonumber(head[1]), head[2] end
end
return {version, from, snapshot, redis.call('LRANGE', KEYS[1], from - gone, -1)}
"""

APPEND_BATCH = """
-- KEYS: batches, head
-- ARGV: version, batch, writer, keep milliseconds, oldest second kept, from or -1, snapshot
local gone = tonumber(redis.call('HGET', KEYS[2], 'gone') or 0)
local version = gone + redis.call('LLEN', KEYS[1])
if version ~= tonumber(ARGV[1]) then
  -- The same call again, its answer was lost on the way: done already.
  local mine = redis.call('HGET', KEYS[2], 'writer') == ARGV[3]
  if mine and version == tonumber(ARGV[1]) + 1 then return version end
  return -1
end
redis.call('RPUSH', KEYS[1], ARGV[2])
redis.call('HSET', KEYS[2], 'writer', ARGV[3])
local from = tonumber(ARGV[6])
if from >= 0 then
  redis.call('HSET', KEYS[2], 'from', from, 'snapshot', ARGV[7])
  while gone < from do -- what the snapshot stands for goes when it is old enough
    local at = tonumber(string.match(redis.call('LINDEX', KEYS[1], 0), '^(%d+):'))
    if at >= tonumber(ARGV[5]) then break end
    redis.call('LPOP', KEYS[1])
    gone = redis.call('HINCRBY', KEYS[2], 'gone', 1)
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return version + 1
"""
