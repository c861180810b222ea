// What runs in containers: logs, commands with input and output, attaching, forwarded ports, files.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { PassThrough, Readable, Writable } from 'node:stream';
import * as k8s from '@kubernetes/client-node';
import { config, core, equal, namespace, script, until } from './_shared.mjs';

// A stream that keeps what is written to it.
class Text extends Writable {
  text = '';
  _write(chunk, _, done) {
    this.text += chunk;
    done();
  }
}

const pod = (name, command, more) => core.createNamespacedPod({
  namespace,
  body: { metadata: { name }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'coracle/tests:1', command, ...more }] } },
});
const ready = async (name) => (await core.readNamespacedPod({ name, namespace })).status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True');

// Runs a command; gives what it printed and how it ended.
async function run(command, { stdin = null, tty = false, pod = 'talker' } = {}) {
  const [out, err] = [new Text(), new Text()];
  const status = await new Promise((resolve, reject) => {
    new k8s.Exec(config).exec(namespace, pod, 'main', command, out, tty ? null : err, stdin, tty, resolve).catch(reject);
  });
  return { out: out.text, err: err.text, status };
}

await script(async () => {
  await pod('talker', ['sh', '-c', 'echo one; echo two; echo three; sleep 3600']);
  await pod('web', ['sh', '-c', 'mkdir /www; echo a page > /www/index.html; httpd -f -p 8080 -h /www']);
  await pod('echo', ['sh', '-c', 'cat'], { stdin: true });
  for (const name of ['talker', 'web', 'echo']) await until(`${name} is ready`, () => ready(name));

  // Logs, whole and as they come.
  equal(await until('three lines of log', async () => {
    const log = await core.readNamespacedPodLog({ name: 'talker', namespace });
    return log.split('\n').length === 4 && log;
  }), 'one\ntwo\nthree\n', 'a log');
  equal(await core.readNamespacedPodLog({ name: 'talker', namespace, tailLines: 1 }), 'three\n', 'the last line of a log');
  const followed = new Text();
  const following = await new k8s.Log(config).log(namespace, 'talker', 'main', followed, { follow: true, tailLines: 1 });
  await until('the last line', () => followed.text === 'three\n');
  equal((await run(['sh', '-c', 'echo four > /proc/1/fd/1'])).status.status, 'Success', 'how a command ended');
  await until('a line that came while the log was followed', () => followed.text === 'three\nfour\n');
  following.abort();

  // Commands.
  equal((await run(['echo', 'hello'])).out, 'hello\n', 'output of a command');
  const failed = await run(['sh', '-c', 'echo out; echo err >&2; exit 7']);
  equal([failed.out, failed.err], ['out\n', 'err\n'], 'output and errors');
  equal([failed.status.reason, failed.status.details.causes], ['NonZeroExitCode', [{ reason: 'ExitCode', message: '7' }]], 'how a failed command ended');
  equal((await run(['cat'], { stdin: Readable.from([Buffer.from('typed\n')]) })).out, 'typed\n', 'what was typed, to its end');
  equal((await run(['sh', '-c', 'test -t 0 && echo terminal'], { tty: true, stdin: new PassThrough() })).out, 'terminal\r\n', 'what a command with a terminal prints');
  equal((await run(['absent'])).status.status, 'Failure', 'how a command that is not there ended');

  // Attached to what runs.
  const [answer, typed] = [new Text(), new PassThrough()];
  const attached = await new k8s.Attach(config).attach(namespace, 'echo', 'main', answer, new Text(), typed, false);
  typed.write('hello\n');
  await until('an answer', () => answer.text === 'hello\n');
  attached.close();

  // A forwarded port.
  const [page, request] = [new Text(), new PassThrough()];
  const forwarded = await new k8s.PortForward(config).portForward(namespace, 'web', [8080], page, null, request);
  request.write('GET / HTTP/1.0\r\n\r\n');
  await until('the page', () => page.text.endsWith('a page\n'));
  (typeof forwarded === 'function' ? forwarded() : forwarded).close();

  // Files.
  const folder = await mkdtemp('files-');
  await writeFile(`${folder}/sent`, 'content');
  await new k8s.Cp(config).cpToPod(namespace, 'talker', 'main', folder, '/tmp');
  await until('the file is there', async () => (await run(['cat', '/tmp/sent'])).out === 'content');
});
