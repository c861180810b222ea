namespace Coracle.Cli.Tests;

/// <summary>Logs of containers and commands in them: by coracle as by kubectl.</summary>
[Trait("Category", "containerd")]
[Trait("Category", "root")]
public sealed class RunningContainersTests(ContainerCluster cluster)
{
    private const string Pods = """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - {name: main, image: "docker.io/coracle/sample-web:1", command: [sh, -c, "echo one; echo two; sleep 1000"]}
          - {name: side, image: "docker.io/coracle/sample-web:1", command: [sh, -c, "echo aside; sleep 1000"]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: short}
        spec:
          restartPolicy: Never
          containers:
          - {name: main, image: "docker.io/coracle/sample-web:1", command: [sh, -c, "echo begun; sleep 2; echo ended"]}
        """;

    [Fact]
    public async Task Logs_and_commands_are_the_same()
    {
        ContainerCluster.Needed();
        await cluster.Started();
        await using var two = await Two.Begin(cluster, "running");
        await two.Same($"apply --server-side --field-manager=coracle -f {cluster.Write("pods.yaml", Pods)}");
        await two.Wait("get pod p --no-headers", "2/2");
        foreach (var command in new[]
        {
            "logs -f short", "logs short", "logs p", "logs p -c side", "logs pod/p --tail=1", "logs p --all-containers", "logs p -c main -p", "exec p -- echo hi there", "exec p -c side -- sh -c exit+3",
            "exec p -c side -- sh -c echo+amiss>&2;false", "exec -i p -c side -- cat", "exec short -- ls",
        }) await two.Same(command, input: "some\ninput\n");
        two.Done();
    }
}
