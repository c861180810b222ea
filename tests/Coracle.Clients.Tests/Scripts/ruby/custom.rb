# A resource of one's own: this client learns its methods from discovery, as for any other.
require_relative '_shared'

GROUP = 'ruby.clients.example.com'.freeze
extensions = client('apiextensions.k8s.io', 'v1')
schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: {
      spec: { type: 'object', required: ['gems'], properties: { gems: { type: 'integer', maximum: 9 }, cut: { type: 'string', default: 'oval' } } },
      status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
    }
  }
}
extensions.create_custom_resource_definition(
  Kubeclient::Resource.new(
    metadata: { name: "jewel-boxes.#{GROUP}" },
    spec: {
      group: GROUP, scope: 'Namespaced', names: { plural: 'jewel-boxes', singular: 'jewelbox', kind: 'JewelBox' },
      versions: [{ name: 'v1', served: true, storage: true, schema: schema, subresources: { status: {} } },
                 { name: 'v1alpha1', served: true, storage: false, schema: schema }]
    }
  )
)
at_exit { extensions.delete_custom_resource_definition("jewel-boxes.#{GROUP}") }
until_true('the definition is established', seconds: 10) do
  conditions = extensions.get_custom_resource_definition("jewel-boxes.#{GROUP}").status&.conditions || []
  conditions.any? { |c| c.type == 'Established' && c.status == 'True' }
end

boxes = client(GROUP, 'v1')
box = ->(name, **spec) { Kubeclient::Resource.new(metadata: { name: name, namespace: NAMESPACE }, spec: spec) }
made = boxes.create_jewel_box(box['small', gems: 2, lid: 'none'])
equal([made.kind, made.apiVersion, made.spec.to_h], ['JewelBox', "#{GROUP}/v1", { cut: 'oval', gems: 2 }], 'a box with its defaults and without what is unknown')
equal(client(GROUP, 'v1alpha1').get_jewel_box('small', NAMESPACE).apiVersion, "#{GROUP}/v1alpha1", 'the box in its other version')
refused(422, 'Invalid', "JewelBox.#{GROUP} \"large\" is invalid: spec.gems: Invalid value: 10: spec.gems in body should be less than or equal to 9") { boxes.create_jewel_box(box['large', gems: 10]) }
refused(422, 'Invalid', "JewelBox.#{GROUP} \"none\" is invalid: spec.gems: Required value") { boxes.create_jewel_box(box['none']) }
refused(404, 'NotFound', "jewel-boxes.#{GROUP} \"absent\" not found", error: Kubeclient::ResourceNotFoundError) { boxes.get_jewel_box('absent', NAMESPACE) }
refused(415, 'UnsupportedMediaType') { boxes.patch_jewel_box('small', { spec: { gems: 3 } }, NAMESPACE) }
equal(boxes.merge_patch_jewel_box('small', { spec: { gems: 3 } }, NAMESPACE).spec.gems, 3, 'gems after a merge patch')
equal(boxes.json_patch_jewel_box('small', [{ op: 'add', path: '/spec/cut', value: 'round' }], NAMESPACE).spec.cut, 'round', 'cut after a JSON patch')
boxes.watch_jewel_boxes(namespace: NAMESPACE).each do |event|
  equal([event.type, event.object.spec.to_h], ['ADDED', { cut: 'round', gems: 3 }], 'the first event of boxes')
  break
end
equal(boxes.get_jewel_boxes(namespace: NAMESPACE).kind, 'JewelBox', 'the kind of a list of boxes')
boxes.delete_jewel_box('small', NAMESPACE)
equal(boxes.get_jewel_boxes(namespace: NAMESPACE).size, 0, 'boxes that are left')
