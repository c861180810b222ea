using System.Text.RegularExpressions;

namespace Coracle.Cli.Tests;

/// <summary>The same commands by coracle and by kubectl, each in a namespace of its own: both print the same, to the same streams, and end alike.</summary>
public sealed partial class SameAsKubectlTests(RunningCluster cluster)
{
    private const string Web = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: web}
        data: {page: "<hello>"}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - {name: main, image: "web:1"}
              - {name: side, image: "web:1"}
        """;

    private const string Apply = "apply --server-side --field-manager=coracle";

    [Fact]
    public async Task Reading_is_the_same()
    {
        await cluster.Started();
        await using var two = await Two.Begin(cluster, "read");
        await two.Same($"{Apply} -f {cluster.Write("web.yaml", Web)}");
        await two.Wait("get deploy web --no-headers", "2/2");
        foreach (var command in new[]
        {
            "get nodes", "get namespaces default", "get deploy", "get deployments.apps -o wide", "get deploy,cm,svc", "get deploy/web cm/web", "get cm web -o name", "get cm,deploy -o name", "get cm web -o yaml",
            "get cm web -o json", "get cm -l nobody=me", "get cm -l nobody=me -o yaml", "get cm -l nobody=me -o name", "get cm nobody", "get cm web nobody", "get cm web nobody --ignore-not-found", "get nothing", "get cm --field-selector metadata.name=web --no-headers",
            "get cm web --show-labels", "get pods -l app=web --no-headers -o name", "get ns default web", "get cm deploy/web", "get deploy web -A", "get cm web -l a=b", "get deploy -A -l app=nobody", "get cm -l =", "get all -l nobody=me",
        }) await two.Same(command);
        two.Done();
    }

    [Fact]
    public async Task Writing_is_the_same()
    {
        await cluster.Started();
        await using var two = await Two.Begin(cluster, "write");
        var web = cluster.Write("web-write.yaml", Web);
        await two.Same($"{Apply} -f {web} --dry-run=server");
        await two.Same("get cm web");
        await two.Same($"{Apply} -f {web}");
        await two.Same($"{Apply} -f {web}");
        await two.Same($"{Apply} -f {cluster.Write("other/cm.yaml", Web[..Web.IndexOf("---", StringComparison.Ordinal)].Replace("<hello>", "other", StringComparison.Ordinal))[..^"/cm.yaml".Length]}", "other");
        await two.Same($"{Apply} -f {cluster.Write("invalid.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {'a b': c}\n")}");
        await two.Same($"{Apply} -f {cluster.Write("two-invalid.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 0}]}\n")}");
        await two.Same($"{Apply} -f {cluster.Write("unknown.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndatum: {}\n")}");
        await two.Same($"{Apply} -f {cluster.Write("no-kind.yaml", "apiVersion: x.y/v1\nkind: Thing\nmetadata: {name: web}\n")}");
        await two.Same($"{Apply} -f {cluster.Write("elsewhere.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: elsewhere}\n")}");
        await two.Same($"{Apply} -f /does/not/exist.yaml");
        two.Done();
    }

    [Fact]
    public async Task Deleting_is_the_same()
    {
        await cluster.Started();
        await using var two = await Two.Begin(cluster, "delete");
        var web = cluster.Write("web-delete.yaml", Web);
        await two.Same($"{Apply} -f {web}");
        await two.Wait("get deploy web --no-headers", "2/2");
        foreach (var command in new[]
        {
            "delete cm web --dry-run=server", "delete cm web", "delete cm web", "delete cm web --ignore-not-found", "delete deploy/web --cascade=orphan", "delete deploy web nobody", "delete pods -l app=nobody", "delete cm",
            $"{Apply} -f {web}", $"delete -f {web}", $"delete -f {web}", "delete cm web -o name",
        }) await two.Same(command);
        await two.Wait("get rs -o name", "");
        await two.Same($"{Apply} -f {web}");
        await two.Same("delete cm web --force --grace-period=0");
        await two.Same("get cm web");
        two.Done();
    }

    [Fact]
    public async Task What_needs_a_running_pod_is_the_same()
    {
        await cluster.Started();
        await using var two = await Two.Begin(cluster, "pods");
        await two.Same($"{Apply} -f {cluster.Write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  terminationGracePeriodSeconds: 0\n  containers:\n  - {name: main, image: 'web:1'}\n  - {name: side, image: 'web:1'}\n")}");
        await two.Wait("get pod p --no-headers", "2/2");
        foreach (var command in new[]
        {
            "logs p", "logs p -c side", "logs p -c nobody", "logs nobody", "logs p --tail=1 --since=5s --timestamps", "logs p --all-containers", "exec p -- ls", "exec p -c side -- ls", "exec nobody -- ls", "exec p -c nobody -- ls",
        }) await two.Same(command);
        two.Done();
    }

    [Fact]
    public async Task Wrong_usage_ends_with_2()
    {
        await cluster.Started();
        foreach (var arguments in new[] { "get", "get cm -o blue", "apply", "delete", "exec p", "logs", "logs p --since=blue", "delete cm web --cascade=maybe", "apply -f x --dry-run=client", "join https://a" })
            Assert.Equal(2, (await cluster.Coracle(arguments.Split(' '))).Code);
    }

    [Fact]
    public async Task A_cluster_that_is_not_there_is_told()
    {
        var none = await cluster.Coracle("get", "pods", "--data-dir", "/does/not/exist");
        Assert.Equal(("", "error: there is no /does/not/exist/kubeconfig; start a cluster with 'coracle up', or name one with --kubeconfig\n", 1), (none.Output, none.Error, none.Code));
    }

    [Fact]
    public async Task A_watch_shows_what_is_there_and_what_comes()
    {
        await cluster.Started();
        await using var two = await Two.Begin(cluster, "watch");
        var file = cluster.Write("watched.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: watched-for-long}\n");
        await cluster.Coracle("apply", "-f", file, "-n", two.Ours);
        using var watch = cluster.Begin("get", "cm", "-w", "-n", two.Ours, "--field-selector", "metadata.name!=kube-root-ca.crt");
        try
        {
            var lines = new List<string> { (await Line(watch))!, (await Line(watch))! };
            await cluster.Coracle("apply", "-f", cluster.Write("later.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: later}\ndata: {a: b}\n"), "-n", two.Ours);
            lines.Add((await Line(watch))!);
            Assert.Equal(["NAME               DATA   AGE", "watched-for-long   0      <age>", "later              1      <age>"], lines.Select(l => Age().Replace(l, "<age>")));
        }
        finally
        {
            watch.Kill();
        }
    }

    private static Task<string?> Line(System.Diagnostics.Process process) => process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));

    [GeneratedRegex(@"\b\d+(s|m|m\d+s)\b")]
    private static partial Regex Age();
}
