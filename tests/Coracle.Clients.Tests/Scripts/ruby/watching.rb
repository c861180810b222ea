# Watches, by the older paths that this client knows: /watch/ before the resource.
require_relative '_shared'

def events(count, **options)
  found = []
  watcher = CORE.watch_config_maps(namespace: NAMESPACE, **options)
  watcher.each do |event|
    found << [event.type, event.object.metadata.name]
    return found, event.object.metadata.resourceVersion if found.size == count
  end
  raise "the watch ended after #{found}"
ensure
  watcher.finish
end

until_true("the authority's certificate for pods") { CORE.get_config_maps(namespace: NAMESPACE).any? }
start = CORE.get_config_maps(namespace: NAMESPACE).resourceVersion
CORE.create_config_map(config_map('one', n: '1'))
CORE.merge_patch_config_map('one', { data: { n: '2' } }, NAMESPACE)
CORE.create_config_map(config_map('two', labels: { watched: 'yes' }))
found, last = events(2, resource_version: start)
equal(found, [%w[ADDED one], %w[MODIFIED one]], 'events after the list')

# Resumed, while things go on.
later = Thread.new do
  sleep 0.5
  CORE.delete_config_map('one', NAMESPACE)
end
found, = events(2, resource_version: last)
later.join
equal(found, [%w[ADDED two], %w[DELETED one]], 'events after the watch was resumed')

# One object; a selector; what is there first.
equal(events(1, name: 'two').first, [%w[ADDED two]], 'events of one object by its path')
equal(events(1, label_selector: 'watched=yes').first, [%w[ADDED two]], 'events by label')
equal(events(1, field_selector: 'metadata.name=two').first, [%w[ADDED two]], 'events by field')

# All namespaces.
CORE.watch_namespaces(field_selector: "metadata.name=#{NAMESPACE}").each do |event|
  equal([event.type, event.object.metadata.name], ['ADDED', NAMESPACE], 'an event of namespaces')
  break
end

# A revision that makes no sense.
begin
  CORE.watch_config_maps(namespace: NAMESPACE, resource_version: 'nonsense').each { |event| raise "an event: #{event}" }
  raise 'a watch from nowhere was taken'
rescue Kubeclient::HttpError => e
  equal(e.error_code, 422, 'status of a watch from nowhere')
end
