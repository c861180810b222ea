using System.Globalization;
using System.Text;

namespace Coracle.Bench.Engine;

/// <summary>The requests that are measured.</summary>
internal static class Requests
{
    public const string Pods = "/api/v1/namespaces/default/pods";
    private const int PodBytes = 2048;

    /// <summary>Each by name, with what it does at its n-th call. What is created is taken away after each round, so that the heap does not grow.</summary>
    public static IEnumerable<Measured> All(Engine engine)
    {
        yield return new("create a pod of 2 KB", i => engine.Send("POST", Pods, Created(i)),
            async i => await engine.Send("DELETE", $"{Pods}/created-{Number(i)}", query: "gracePeriodSeconds=0"));
        yield return new("get it", i => engine.Send("GET", Kept(i)));
        yield return new("list 500", _ => engine.Send("GET", Pods, query: "limit=500"));
        yield return new("label it, merge patch", i => engine.Send("PATCH", Kept(i), Bytes($$$"""{"metadata":{"labels":{"n":"{{{Number(i)}}}"} } }"""), "application/merge-patch+json"));
        yield return new("its status, strategic patch", i => engine.Send("PATCH", $"{Kept(i)}/status", Status(i), "application/strategic-merge-patch+json"));
        yield return new("apply it", i => engine.Send("PATCH", Kept(i), Applied(i), "application/apply-patch+yaml", "fieldManager=bench-apply&force=true"));
    }

    // The bodies are made in the first round: making them is not the engine's work.
    private static readonly Dictionary<int, byte[]> Bodies = [];

    private static byte[] Created(int i) => Bodies.TryGetValue(i, out var body) ? body : Bodies[i] = Pod("created-" + Number(i));

    private static string Kept(int i) => $"{Pods}/kept-{Number(i % Engine.Kept)}";

    internal static string Number(int i) => i.ToString(CultureInfo.InvariantCulture);
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    internal static byte[] Pod(string name) => Bytes(
        $$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{name}}","labels":{"app":"bench","part":"p{{name[^1]}}" },"annotations":{"bench/padding":"{{new string('x', PodBytes - 560)}}"} },"spec":{"schedulerName":"bench-nobody","containers":[{"name":"main","image":"registry.k8s.io/pause:3.10","ports":[{"containerPort":8080,"protocol":"TCP"}],"env":[{"name":"MODE","value":"bench"},{"name":"LEVEL","value":"info"}],"resources":{"requests":{"cpu":"10m","memory":"16Mi"},"limits":{"cpu":"100m","memory":"64Mi"} } }] } }
        """);

    private static byte[] Status(int i) => Bytes($$"""{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"{{(i / 1000 % 2 == 0 ? "True" : "False")}}","lastTransitionTime":"2026-01-01T00:00:{{i / 1000 % 60:00}}Z"}] } }""");

    private static byte[] Applied(int i) => Bytes($$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"kept-{{{Number(i % Engine.Kept)}}}","labels":{"by-apply":"{{{Number(i)}}}"} } }""");
}
