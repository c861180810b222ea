# Logs of containers that really run.
require_relative '_shared'

CORE.create_pod(
  Kubeclient::Resource.new(
    metadata: { name: 'talker', namespace: NAMESPACE },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'coracle/tests:1', command: ['sh', '-c', 'echo one; echo two; sleep 2; echo three; sleep 3600'] }] }
  )
)
until_true('the pod runs') { CORE.get_pod('talker', NAMESPACE).status.phase == 'Running' }
lines = []
CORE.watch_pod_log('talker', NAMESPACE, container: 'main').each do |line|
  lines << line
  break if lines.size == 3
end
equal(lines, %w[one two three], 'lines of a log that is followed')
equal(CORE.get_pod_log('talker', NAMESPACE, tail_lines: 2).body, "two\nthree\n", 'the last lines of a log')
equal(CORE.get_pod_log('talker', NAMESPACE, limit_bytes: 5).body, "one\nt", 'the first bytes of a log')
equal(CORE.get_pod_log('talker', NAMESPACE, timestamps: true, tail_lines: 1).body.split.last, 'three', 'a line with its time')
refused(400, 'BadRequest', 'previous terminated container "main" in pod "talker" not found') { CORE.get_pod_log('talker', NAMESPACE, previous: true) }
refused(404, 'NotFound', 'pods "absent" not found', error: Kubeclient::ResourceNotFoundError) { CORE.get_pod_log('absent', NAMESPACE) }
CORE.delete_pod('talker', NAMESPACE)
