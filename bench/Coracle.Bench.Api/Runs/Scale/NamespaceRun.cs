using System.Text;
using Coracle.Bench.Http;

namespace Coracle.Bench.Runs.Scale;

/// <summary>A namespace full of objects of several kinds is deleted; the time is until it is gone.</summary>
internal static class NamespaceRun
{
    private static readonly (string Path, string ApiVersion, string Kind, string Content)[] Kinds =
    [
        ("/api/v1", "v1", "ConfigMap", """ "data":{"key":"value"} """),
        ("/api/v1", "v1", "Secret", """ "stringData":{"key":"value"} """),
        ("/api/v1", "v1", "Pod", """ "spec":{"schedulerName":"bench-nobody","containers":[{"name":"main","image":"registry.k8s.io/pause:3.10"}] } """),
        ("/apis/coordination.k8s.io/v1", "coordination.k8s.io/v1", "Lease", """ "spec":{"holderIdentity":"bench"} """),
    ];

    public static async Task<Measurement> Measure(Target target, CancellationToken cancel)
    {
        var count = target.Options.Scale.Content;
        var ns = await target.Namespaces.AddAsync("content", cancel);
        await Filling.CreateAsync(target, count, i => Create(target, ns, i), null, cancel);
        await using var watch = await EventLines.OpenAsync(target, $"/api/v1/namespaces?watch=true&fieldSelector=metadata.name%3D{ns}", cancel);
        var stopped = new Stopped(target);
        await target.Namespaces.Must("DELETE", $"/api/v1/namespaces/{ns}", "", cancel);
        var gone = Encoding.UTF8.GetBytes("{\"type\":\"DELETED\"");
        await EventLines.UntilAsync(watch, line => line.Span.StartsWith(gone), cancel);
        target.Namespaces.Forget(ns);
        return stopped.Now(new Measurement { Run = "namespace", Workers = count, WorkersAre = "objects deleted", Unit = "objects", Count = count });
    }

    private static byte[] Create(Target target, string ns, int index)
    {
        var (path, version, kind, content) = Kinds[index % Kinds.Length];
        return target.Requests.WithBody("POST", $"{path}/namespaces/{ns}/{kind.ToLowerInvariant()}s", Encoding.UTF8.GetBytes(
            $$"""{"apiVersion":"{{version}}","kind":"{{kind}}","metadata":{"name":"{{Target.PodName(index)}}"},{{content}}}"""));
    }
}
