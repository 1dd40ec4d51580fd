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
if ARGV[3] == 'waiting' or ARGV[3] == 'started' then
  redis.call('ZADD', KEYS[4], seq, seq)
  redis.call('HSET', KEYS[5], seq, ARGV[3])
end
return {seq, 1}
"""

MARK = """
-- KEYS: waiting, work; ARGV: seq, before, after
local now = redis.call('HGET', KEYS[2], ARGV[1])
if not now or now ~= ARGV[2] then return 0 end
if ARGV[3] == 'waiting' or ARGV[3] == 'started' then
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

ENTER_QUEUE = """
-- KEYS: tickets, queue, leases; ARGV: owner, lease milliseconds
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[2], redis.call('INCR', KEYS[1]), ARGV[1])
redis.call('ZADD', KEYS[3], now + ARGV[2], ARGV[1])
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[2] * 20) end
return 1
"""

MY_TURN = """
-- KEYS: tickets, queue, leases; ARGV: owner, lease milliseconds
-- Drops owners whose lease ran out, renews mine. 1: my turn, 0: wait, -1: I was dropped.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, owner in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
  redis.call('ZREM', KEYS[2], owner)
  redis.call('ZREM', KEYS[3], owner)
end
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then return -1 end
redis.call('ZADD', KEYS[3], now + ARGV[2], ARGV[1])
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[2] * 20) end
if redis.call('ZRANGE', KEYS[2], 0, 0)[1] == ARGV[1] then return 1 end
return 0
"""

LEAVE_QUEUE = """
-- KEYS: queue, leases, wake-up channel; ARGV: owner
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('PUBLISH', KEYS[3], 'free')
return 1
"""
