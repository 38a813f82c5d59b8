-- What wrk sends: the reports of scanner and agent as they send them, or a person's request. Prints its figures as JSON.
local text = "  - name: app\\n    image: registry.example.com/team/app:1.2.3\\n"

local finding = '{"resource_type":"Pod","resource_name":"%s","namespace":"shop","severity":"high","category":"Security",'
  .. '"title":"Container runs as root: app","description":"Container app may run as user 0.",'
  .. '"remediation":"Set securityContext.runAsNonRoot to true.","timestamp":"2026-04-14T09:30:00.%06dZ","manifest":"'
  .. text:rep(8) .. '"}'

local pod = '{"pod_name":"%s","namespace":"shop","node_name":"node-1","phase":"Running",'
  .. '"creation_timestamp":"2026-04-14T09:30:00+00:00","failure_reason":"CrashLoopBackOff",'
  .. '"failure_message":"back-off 5m0s restarting failed container",'
  .. '"container_statuses":[{"name":"app","ready":false,"restart_count":%d,"image":"registry.example.com/team/app:1.2.3",'
  .. '"state":"waiting","reason":"CrashLoopBackOff","message":"back-off 5m0s"}],'
  .. '"events":[{"type":"Warning","reason":"BackOff","message":"Back-off restarting failed container","timestamp":null}],'
  .. '"logs":"starting\\nconnection refused\\n","manifest":"' .. text:rep(62) .. '"}'

-- As many subjects as a large cluster has, over and over, each time with something new to say.
local subjects = 1000

local sent = 0

function init(args)
  local kind, token, cookie, run = unpack(args)
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["X-Service-Token"] = token
  local function post(path, body, name)
    return function()
      sent = sent + 1
      return wrk.format("POST", path, nil, body:format(name(sent), sent % 1000000))
    end
  end
  local known = function(n) return "app-" .. n % subjects end
  local new = function(n) return "app-" .. run .. "-" .. n end
  local me = wrk.format("GET", "/api/auth/me", { Cookie = cookie })
  request = ({
    ["known findings"] = post("/api/security/findings", finding, known),
    ["new findings"] = post("/api/security/findings", finding, new),
    ["pod reports"] = post("/api/pods/failed", pod, known),
    ["me"] = function() return me end,
  })[kind]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nfigures {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
