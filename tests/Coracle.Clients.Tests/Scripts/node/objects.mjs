// Discovery, and objects from their creation to their end.
import * as k8s from '@kubernetes/client-node';
import { apps, config, configMap, core, deployment, equal, holds, isGone, namespace, refused, script, until } from './_shared.mjs';

await script(async () => {
  // What is served.
  const version = await config.makeApiClient(k8s.VersionApi).getCode();
  equal([version.major, version.minor], ['1', '36'], 'version');
  const groups = (await config.makeApiClient(k8s.ApisApi).getAPIVersions()).groups;
  equal(groups.find((g) => g.name === 'apps').preferredVersion.groupVersion, 'apps/v1', 'preferred version of apps');
  const pods = (await core.getAPIResources()).resources.find((r) => r.name === 'pods');
  equal([pods.shortNames, pods.namespaced, pods.kind], [['po'], true, 'Pod'], 'how pods are described');
  holds(JSON.stringify(await config.makeApiClient(k8s.OpenidApi).getServiceAccountIssuerOpenIDKeyset()).includes('kty'), 'keys of the issuer');

  // Created, read, replaced; times are dates, quantities text.
  const made = await core.createNamespacedConfigMap({ namespace, body: configMap('first', { colour: 'red' }, { n: '1' }) });
  holds(made.metadata.creationTimestamp instanceof Date && made.metadata.uid, "the server's part of the metadata");
  made.data.colour = 'green';
  equal((await core.replaceNamespacedConfigMap({ name: 'first', namespace, body: made })).data, { colour: 'green' }, 'data as replaced');
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'bytes' }, data: {}, binaryData: { raw: 'AAEC/w==' } } });
  equal((await core.readNamespacedConfigMap({ name: 'bytes', namespace })).binaryData.raw, 'AAEC/w==', 'bytes as read');

  // Refusals.
  await refused(404, 'NotFound', () => core.readNamespacedConfigMap({ name: 'absent', namespace }), 'configmaps "absent" not found');
  await refused(409, 'AlreadyExists', () => core.createNamespacedConfigMap({ namespace, body: configMap('first') }), 'configmaps "first" already exists');
  await refused(409, 'Conflict', () => core.replaceNamespacedConfigMap({ name: 'first', namespace, body: made }));
  const invalid = await refused(422, 'Invalid', () => apps.createNamespacedDeployment({ namespace, body: deployment('Bad', -1) }));
  equal(invalid.details.causes.map((c) => c.field), ['metadata.name', 'spec.replicas'], 'fields of a 422');
  await refused(422, 'Invalid', () => core.createNamespacedConfigMap({ namespace, body: configMap('x'), fieldValidation: 'Sometimes' }));
  const dry = await core.createNamespacedConfigMap({ namespace, body: configMap('dry'), dryRun: 'All' });
  equal(dry.metadata.name, 'dry', 'the answer of a dry run');
  holds(await isGone(() => core.readNamespacedConfigMap({ name: 'dry', namespace })), 'a dry run leaves nothing');

  // Selected, and page by page.
  for (let n = 0; n < 25; n++) await core.createNamespacedConfigMap({ namespace, body: configMap(`many-${String(n).padStart(2, '0')}`, {}, { set: 'many', parity: n % 2 ? 'odd' : 'even' }) });
  const names = (list) => list.items.map((item) => item.metadata.name);
  equal(names(await core.listNamespacedConfigMap({ namespace, labelSelector: 'set=many,parity!=odd' })).length, 13, 'config maps by labels');
  equal(names(await core.listConfigMapForAllNamespaces({ fieldSelector: `metadata.namespace=${namespace},metadata.name=many-07` })), ['many-07'], 'config maps by fields');
  const pages = [];
  for (let token; pages.length === 0 || token;) {
    const page = await core.listNamespacedConfigMap({ namespace, labelSelector: 'set=many', limit: 10, _continue: token });
    pages.push(names(page));
    token = page.metadata._continue;
  }
  equal(pages.map((p) => p.length), [10, 10, 5], 'sizes of pages');
  equal(new Set(pages.flat()).size, 25, 'objects over all pages');

  // Deleted alone, together, and with what is owned or without.
  equal((await core.deleteNamespacedConfigMap({ name: 'many-00', namespace })).status, 'Success', 'the answer of a deletion');
  await refused(409, 'Conflict', () => core.deleteNamespacedConfigMap({ name: 'many-01', namespace, body: { preconditions: { uid: 'another' } } }));
  await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: 'set=many' });
  equal(names(await core.listNamespacedConfigMap({ namespace, labelSelector: 'set=many' })), [], 'what is left of a deleted collection');
  for (const [propagationPolicy, ownedStay] of [['Orphan', true], ['Foreground', false], ['Background', false]]) {
    const name = `web-${propagationPolicy.toLowerCase()}`;
    await apps.createNamespacedDeployment({ namespace, body: deployment(name, 0) });
    const owned = async () => (await apps.listNamespacedReplicaSet({ namespace, labelSelector: `app=${name}` })).items;
    await until(`${name} has a replica set`, async () => (await owned()).length > 0);
    await apps.deleteNamespacedDeployment({ name, namespace, propagationPolicy });
    await until(`${name} is gone`, () => isGone(() => apps.readNamespacedDeployment({ name, namespace })));
    if (ownedStay) equal((await owned()).map((o) => o.metadata.ownerReferences), [undefined], 'owners of what was left behind');
    else await until(`what ${name} owned is gone`, async () => (await owned()).length === 0);
  }
});
