# Discovery, and objects from their creation to their end.
require_relative '_shared'

apps = client('apps', 'v1')

# This client makes its methods out of discovery: a name for one and a name for many of every kind.
equal(CORE.api_valid?, true, 'the core API')
equal(apps.api_valid?, true, 'the API of apps')
equal(CORE.api['versions'], ['v1'], 'versions of the core')
CORE.discover
%i[get_pods get_endpoints create_service_account get_persistent_volume_claims watch_events get_component_statuses].each { |name| holds(CORE.respond_to?(name), "#{name} was discovered") }
%i[get_daemon_sets get_controller_revisions patch_stateful_set].each { |name| holds(apps.respond_to?(name), "#{name} was discovered") }
%w[networking.k8s.io policy rbac.authorization.k8s.io storage.k8s.io apiextensions.k8s.io batch].each { |group| holds(client(group, 'v1').api_valid?, "#{group}/v1") }
holds(client('networking.k8s.io', 'v1').respond_to?(:get_network_policies), 'get_network_policies was discovered')
holds(CORE.all_entities(namespace: NAMESPACE).key?('pod'), 'all that there is of every kind')

# Created, read, replaced.
made = CORE.create_config_map(config_map('first', labels: { n: '1' }, color: 'red'))
holds(made.metadata.uid && made.metadata.resourceVersion, "the server's part of the metadata")
found = CORE.get_config_map('first', NAMESPACE)
equal(found.data.to_h, { color: 'red' }, 'data as read')
found.data.color = 'green'
equal(CORE.update_config_map(found).data.color, 'green', 'data as replaced')
equal(CORE.get_config_map('first', NAMESPACE, as: :parsed)['kind'], 'ConfigMap', 'the kind of what is read')

# Refusals.
refused(404, 'NotFound', 'configmaps "absent" not found', error: Kubeclient::ResourceNotFoundError) { CORE.get_config_map('absent', NAMESPACE) }
refused(409, 'AlreadyExists', 'configmaps "first" already exists') { CORE.create_config_map(config_map('first')) }
refused(409, 'Conflict') { CORE.update_config_map(found) }
refused(422, 'Invalid') { CORE.create_config_map(config_map('Not_A_Name')) }
bad = deployment('bad', replicas: -1)
refused(422, 'Invalid', 'Deployment.apps "bad" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0') { apps.create_deployment(bad) }

# Selected, and page by page.
25.times { |n| CORE.create_config_map(config_map(format('many-%02d', n), labels: { set: 'many', parity: n.even? ? 'even' : 'odd' })) }
equal(CORE.get_config_maps(namespace: NAMESPACE, label_selector: 'set=many,parity notin (odd)').size, 13, 'config maps by labels')
equal(CORE.get_config_maps(namespace: NAMESPACE, field_selector: 'metadata.name=many-07').map { |c| c.metadata.name }, ['many-07'], 'config maps by name')
pages = []
token = nil
loop do
  page = CORE.get_config_maps(namespace: NAMESPACE, label_selector: 'set=many', limit: 10, continue: token)
  pages << page.map { |c| c.metadata.name }
  token = page.continue
  break if page.last?
end
equal(pages.map(&:size), [10, 10, 5], 'sizes of pages')
equal(pages.flatten, (0..24).map { |n| format('many-%02d', n) }, 'objects over all pages')
equal(CORE.get_config_maps(namespace: NAMESPACE).kind, 'ConfigMap', 'the kind of a list')

# Every kind of patch.
apps.create_deployment(deployment('web', replicas: 0))
image = ->(d) { d.spec.template.spec.containers.to_h { |c| [c.name, c.image] } }
side = { spec: { template: { spec: { containers: [{ name: 'side', image: 'registry.example.com/side:1' }] } } } }
found = apps.patch_deployment('web', side, NAMESPACE)
equal(image[found].keys, %w[side main], 'containers after a strategic merge patch')
found = apps.json_patch_deployment('web', [{ op: 'remove', path: '/spec/template/spec/containers/1' }], NAMESPACE)
equal(image[found].keys, ['side'], 'containers after a JSON patch')
found = apps.merge_patch_deployment('web', { spec: { template: { spec: { containers: [{ name: 'only', image: 'x' }] } } } }, NAMESPACE)
equal(image[found], { 'only' => 'x' }, 'containers after a merge patch')
refused(422, 'Invalid') { apps.json_patch_deployment('web', [{ op: 'test', path: '/spec/replicas', value: 7 }], NAMESPACE) }

# Two managers apply.
shared = ->(data) { { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared', namespace: NAMESPACE }, data: data } }
CORE.apply_config_map(shared[{ a: '1', b: '1' }], field_manager: 'alpha', force: false)
refused(409, 'Conflict', 'Apply failed with 1 conflict: conflict with "alpha": .data.b') { CORE.apply_config_map(shared[{ b: '2' }], field_manager: 'beta', force: false) }
equal(CORE.apply_config_map(shared[{ b: '2' }], field_manager: 'beta').data.to_h, { a: '1', b: '2' }, 'data after force')
equal(CORE.apply_config_map(shared[{ a: '1' }], field_manager: 'alpha').data.to_h, { a: '1', b: '2' }, 'data after the first manager let go')

# Deleted in each propagation.
{ 'Orphan' => true, 'Foreground' => false, 'Background' => false }.each do |policy, owned_stay|
  name = "web-#{policy.downcase}"
  apps.create_deployment(deployment(name, replicas: 0))
  owned = -> { apps.get_replica_sets(namespace: NAMESPACE, label_selector: "app=#{name}") }
  until_true("#{name} has a replica set") { owned.call.any? }
  options = Kubeclient::Resource.new(apiVersion: 'meta/v1', kind: 'DeleteOptions', propagationPolicy: policy)
  apps.delete_deployment(name, NAMESPACE, delete_options: options)
  until_true("#{name} is gone") do
    apps.get_deployment(name, NAMESPACE) && false
  rescue Kubeclient::ResourceNotFoundError
    true
  end
  if owned_stay
    equal(owned.call.map { |set| set.metadata.ownerReferences }, [nil], 'owners of what was left behind')
  else
    until_true("what #{name} owned is gone") { owned.call.none? }
  end
end
