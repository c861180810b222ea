// Watches, and an informer that keeps what is there, goes on after its connection ended.
import * as k8s from '@kubernetes/client-node';
import { config, configMap, core, equal, namespace, script, until } from './_shared.mjs';

const path = `/api/v1/namespaces/${namespace}/configmaps`;
const watch = new k8s.Watch(config);

// The next events, as [type, name], and where the watch can be taken up again.
async function events(count, query) {
  const found = [];
  let last;
  await new Promise((resolve, reject) => {
    const aborted = watch.watch(path, { timeoutSeconds: 60, ...query }, async (type, object) => {
      if (found.length === count) return;
      found.push([type, object.metadata.name]);
      last = object.metadata.resourceVersion;
      if (found.length === count) {
        resolve();
        (await aborted).abort();
      }
    }, (e) => reject(e ?? new Error(`the watch ended after ${JSON.stringify(found)}`)));
  });
  return { found, last };
}

await script(async () => {
  await until("the authority's certificate for pods", async () => (await core.listNamespacedConfigMap({ namespace })).items.length > 0);
  const start = (await core.listNamespacedConfigMap({ namespace })).metadata.resourceVersion;
  await core.createNamespacedConfigMap({ namespace, body: configMap('one', { n: '1' }) });
  await core.patchNamespacedConfigMap({ name: 'one', namespace, body: { data: { n: '2' } } }, k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch));
  await core.createNamespacedConfigMap({ namespace, body: configMap('two', {}, { watched: 'yes' }) });
  const first = await events(2, { resourceVersion: start });
  equal(first.found, [['ADDED', 'one'], ['MODIFIED', 'one']], 'events after the list');
  setTimeout(() => core.deleteNamespacedConfigMap({ name: 'one', namespace }), 500);
  equal((await events(2, { resourceVersion: first.last })).found, [['ADDED', 'two'], ['DELETED', 'one']], 'events after the watch was resumed');
  equal((await events(1, { labelSelector: 'watched=yes' })).found, [['ADDED', 'two']], 'events of what a selector matches');

  // The list as events, and the bookmark that says where they end.
  const initial = [];
  await new Promise((resolve, reject) => {
    const query = { sendInitialEvents: true, allowWatchBookmarks: true, resourceVersionMatch: 'NotOlderThan', timeoutSeconds: 60 };
    watch.watch(path, query, (type, object) => {
      initial.push([type, object.metadata.name ?? '']);
      if (type === 'BOOKMARK') {
        equal(object.metadata.annotations, { 'k8s.io/initial-events-end': 'true' }, 'annotations of the bookmark');
        resolve();
      }
    }, reject);
  });
  equal(initial, [['ADDED', 'kube-root-ca.crt'], ['ADDED', 'two'], ['BOOKMARK', '']], 'initial events');

  // An informer.
  const informer = k8s.makeInformer(config, path, () => core.listNamespacedConfigMap({ namespace }));
  const heard = [];
  for (const verb of ['add', 'update', 'delete']) informer.on(verb, (object) => heard.push(`${verb} ${object.metadata.name}`));
  const errors = [];
  informer.on('error', (e) => e?.name === 'AbortError' || errors.push(e)); // its own stop ends its connection so
  await informer.start();
  equal(heard.splice(0).sort(), ['add kube-root-ca.crt', 'add two'], 'what an informer hears first');
  await core.patchNamespacedConfigMap({ name: 'two', namespace, body: { data: { n: '9' } } }, k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch));
  await core.createNamespacedConfigMap({ namespace, body: configMap('three') });
  await until('the informer has heard of both changes', () => heard.length === 2);
  equal(heard.splice(0), ['update two', 'add three'], 'what an informer hears');
  equal(informer.get('two', namespace).data, { n: '9' }, 'what an informer keeps');

  // What happened while it was away comes after, from where it was.
  await informer.stop();
  await core.deleteNamespacedConfigMap({ name: 'three', namespace });
  await informer.start();
  await until('the informer has heard of the deletion', () => heard.includes('delete three'));
  equal(informer.list(namespace).map((o) => o.metadata.name).sort(), ['kube-root-ca.crt', 'two'], 'what the informer keeps at the end');
  await informer.stop();
  equal(errors, [], 'errors of the informer');
});
