-- Traffic for wrk: each thread sends its numbered requests over one connection and writes what came back into a list of
-- its own, FOLDER/wrk-<thread>.tsv, one request a line, in the columns of sent.py. The list has its name once it is whole.
--
--     wrk -t2 -c2 -d300s -s traffic.lua http://127.0.0.1:PORT -- FOLDER REQUESTS_PER_THREAD
--
-- One connection per thread: request and response then alternate, and `current` is the request a response answers. The
-- thread stops itself inside its last response, before the next request is written, so that the list holds all that
-- was sent. (wrk calls request() once more than it sends, to learn its shape: that number is left out.)
local ffi = require("ffi")
ffi.cdef("unsigned char *SHA256(const unsigned char *data, size_t size, unsigned char *digest);")
local crypto = ffi.load("libcrypto.so.3")

local agents = {
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
  "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5"
    .. " Mobile/15E148 Safari/604.1",
}

-- Kind of request by its number: mostly reads, as in life, and some of everything that goes wrong.
local function shape(number)
  local kind = number % 20
  if kind == 7 then return "GET", "/missing/", nil, "http_error" end
  if kind == 11 then return "GET", "/fail/std/", nil, "panic" end
  if kind == 13 then return "GET", "/fail/other/", nil, "panic" end
  if kind % 4 == 1 then
    return "POST", "/orders/", string.format('{"number":%d,"note":"%s"}', number, string.rep("x", number % 97)), ""
  end
  return "GET", "/items/", nil, ""
end

local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end

function init(args)
  list_name = string.format("%s/wrk-%d.tsv", args[1], id)
  list = assert(io.open(list_name .. ".part", "w"))
  wanted, sent, received = tonumber(args[2]), 0, 0
end

function request()
  sent = sent + 1
  local method, prefix, body, failure = shape(sent)
  current = { method = method, path = string.format("%sw%d-%d", prefix, id, sent), body = body, failure = failure,
              agent = agents[sent % #agents + 1] }
  local headers = { ["User-Agent"] = current.agent }
  if body then headers["Content-Type"] = "application/json" end
  return wrk.format(method, current.path, headers, body)
end

local function sha256_hex(text)
  local digest = ffi.new("unsigned char[32]")
  crypto.SHA256(text, #text, digest)
  local hex = {}
  for i = 0, 31 do hex[i + 1] = string.format("%02x", digest[i]) end
  return table.concat(hex)
end

function response(status, headers, body)
  received = received + 1
  if received <= wanted then
    list:write(table.concat({ current.method, current.path, status, sha256_hex(body), #body, current.agent,
                              current.body and #current.body or 0, current.failure or "" }, "\t"), "\n")
  end
  if received == wanted then
    list:close()
    assert(os.rename(list_name .. ".part", list_name))
    wrk.thread:stop()
  end
end
