// A resource of one's own, cluster-wide, with a scale and a status.
import * as k8s from '@kubernetes/client-node';
import { config, equal, holds, isGone, refused, script, until } from './_shared.mjs';

const [group, version, plural] = ['node.clients.example.com', 'v1', 'lighthouses'];
const at = { group, version, plural };
const custom = config.makeApiClient(k8s.CustomObjectsApi);
const extensions = config.makeApiClient(k8s.ApiextensionsV1Api);
const lighthouse = (name, spec) => ({ apiVersion: `${group}/${version}`, kind: 'Lighthouse', metadata: { name }, spec });

await script(async () => {
  const name = `${plural}.${group}`;
  await extensions.createCustomResourceDefinition({
    body: {
      metadata: { name },
      spec: {
        group,
        scope: 'Cluster',
        names: { plural, singular: 'lighthouse', kind: 'Lighthouse', listKind: 'LighthouseList', categories: ['coast'] },
        versions: [{
          name: version,
          served: true,
          storage: true,
          subresources: { status: {}, scale: { specReplicasPath: '.spec.lamps', statusReplicasPath: '.status.lamps' } },
          selectableFields: [{ jsonPath: '.spec.colour' }],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  properties: { lamps: { type: 'integer', _default: 1 }, colour: { type: 'string', _enum: ['red', 'white'] }, height: { anyOf: [{ type: 'integer' }, { type: 'string' }], x_kubernetes_int_or_string: true } },
                  x_kubernetes_validations: [{ rule: '!has(oldSelf.colour) || has(self.colour)', message: 'a colour stays' }],
                },
                status: { type: 'object', x_kubernetes_preserve_unknown_fields: true },
              },
            },
          },
        }],
      },
    },
  });
  try {
    await until('the definition is established', async () => (await extensions.readCustomResourceDefinition({ name })).status?.conditions?.some((c) => c.type === 'Established' && c.status === 'True'), 10);
    const made = await custom.createClusterCustomObject({ ...at, body: lighthouse('north', { colour: 'red', height: '9m', ghost: true }) });
    equal(made.spec, { colour: 'red', height: '9m', lamps: 1 }, 'a lighthouse with its defaults and without what is unknown');
    await refused(422, 'Invalid', () => custom.createClusterCustomObject({ ...at, body: lighthouse('south', { colour: 'blue' }) }),
      `Lighthouse.${group} "south" is invalid: [spec.colour: Unsupported value: "blue": supported values: "red", "white", <nil>: Invalid value: null: `
      + 'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]');
    await refused(404, 'NotFound', () => custom.getClusterCustomObject({ ...at, name: 'absent' }), `${plural}.${group} "absent" not found`);

    const as = (strategy) => k8s.setHeaderOptions('Content-Type', strategy);
    const patch = (body, strategy) => custom.patchClusterCustomObject({ ...at, name: 'north', body, fieldManager: 'script' }, as(strategy));
    equal((await patch({ spec: { lamps: 2 } }, k8s.PatchStrategy.MergePatch)).spec.lamps, 2, 'lamps after a merge patch');
    equal((await patch([{ op: 'add', path: '/spec/lamps', value: 3 }], k8s.PatchStrategy.JsonPatch)).spec.lamps, 3, 'lamps after a JSON patch');
    await refused(415, 'UnsupportedMediaType', () => patch({ spec: { lamps: 4 } }, k8s.PatchStrategy.StrategicMergePatch));
    await refused(422, 'Invalid', () => patch({ spec: { colour: null } }, k8s.PatchStrategy.MergePatch));
    equal((await custom.replaceClusterCustomObjectStatus({ ...at, name: 'north', body: { ...(await custom.getClusterCustomObject({ ...at, name: 'north' })), status: { lamps: 1, lit: true } } })).status, { lamps: 1, lit: true }, 'a status');
    const scale = await custom.getClusterCustomObjectScale({ ...at, name: 'north' });
    equal([scale.kind, scale.spec.replicas, scale.status.replicas], ['Scale', 3, 1], 'a scale');
    equal((await custom.patchClusterCustomObjectScale({ ...at, name: 'north', body: { spec: { replicas: 5 } } }, as(k8s.PatchStrategy.MergePatch))).spec.replicas, 5, 'a scale as patched');

    await custom.createClusterCustomObject({ ...at, body: lighthouse('west', { colour: 'white' }) });
    const list = await custom.listClusterCustomObject({ ...at, fieldSelector: 'spec.colour=white' });
    equal([list.kind, list.items.map((l) => l.metadata.name)], ['LighthouseList', ['west']], 'lighthouses by a field of theirs');

    // Through the API for any kind, which asks discovery.
    const objects = k8s.KubernetesObjectApi.makeApiClient(config);
    equal((await objects.read({ apiVersion: `${group}/${version}`, kind: 'Lighthouse', metadata: { name: 'west' } })).spec.colour, 'white', 'a lighthouse read by its kind');
    await custom.deleteClusterCustomObject({ ...at, name: 'west' });
    await custom.deleteCollectionClusterCustomObject(at);
    holds((await custom.listClusterCustomObject(at)).items.length === 0, 'no lighthouse is left');
  } finally {
    await extensions.deleteCustomResourceDefinition({ name });
  }
  await until('the resource is gone with its definition', () => isGone(() => custom.listClusterCustomObject(at)));
});
