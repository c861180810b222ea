# What the scripts share: clients by group and version, a namespace of one's own, and claims that say what was found instead.
require 'json'
require 'kubeclient'

NAMESPACE = ENV.fetch('NAMESPACE')
CONFIG = Kubeclient::Config.read(ENV.fetch('KUBECONFIG')).context

# group: '' for the core.
def client(group, version, **more)
  endpoint = CONFIG.api_endpoint + (group.empty? ? '/api' : "/apis/#{group}")
  Kubeclient::Client.new(endpoint, version, ssl_options: CONFIG.ssl_options, auth_options: CONFIG.auth_options, **more)
end

CORE = client('', 'v1')
CORE.create_namespace(Kubeclient::Resource.new(metadata: { name: NAMESPACE }))
at_exit { CORE.delete_namespace(NAMESPACE) }

def equal(actual, expected, what)
  raise "#{what}: expected #{expected.inspect}, got #{actual.inspect}" unless actual == expected
end

def holds(claim, what)
  raise what unless claim
end

# The block is refused, as this client reports a refusal.
def refused(status, reason, message = nil, error: Kubeclient::HttpError)
  yield
rescue error => e
  equal(e.error_code, status, "status of #{e.message}")
  equal(JSON.parse(e.response.body)['reason'], reason, "reason of #{e.message}")
  equal(e.message, message, 'message of a refusal') if message
else
  raise "expected a refusal with #{status} #{reason}"
end

# What the block gives, as soon as it is true.
def until_true(what, seconds: 60)
  limit = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
  loop do
    found = yield
    return found if found
    raise "not within #{seconds} s: #{what}" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > limit
    sleep 0.1
  end
end

def config_map(name, labels: nil, **data)
  Kubeclient::Resource.new(metadata: { name: name, namespace: NAMESPACE, labels: labels }, data: data)
end

def deployment(name, replicas: 1, image: 'registry.example.com/app:1')
  Kubeclient::Resource.new(
    metadata: { name: name, namespace: NAMESPACE, labels: { app: name } },
    spec: {
      replicas: replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: image }] } }
    }
  )
end
