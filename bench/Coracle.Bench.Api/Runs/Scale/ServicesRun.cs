using System.Globalization;
using System.Text;
using System.Text.Json;
using Coracle.Bench.Http;

namespace Coracle.Bench.Runs.Scale;

/// <summary>Services, each over a deployment of its own; the time is until the slices show every pod as ready.</summary>
internal static class ServicesRun
{
    public static async Task<Measurement> Measure(Target target, CancellationToken cancel)
    {
        var (services, pods) = (target.Options.Scale.Services, target.Options.Scale.Endpoints);
        var ns = await target.Namespaces.AddAsync("services", cancel);
        await using var watch = await EventLines.OpenAsync(target, $"/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices?watch=true", cancel);
        var stopped = new Stopped(target);
        var right = Right(watch, pods, cancel);
        await Filling.CreateAsync(target, services, i => target.Requests.WithBody("POST", $"/api/v1/namespaces/{ns}/services", Service(i)), null, cancel);
        await Filling.CreateAsync(target, services, i => target.Requests.WithBody("POST", $"/apis/apps/v1/namespaces/{ns}/deployments", Deployment(i, pods / services + (i < pods % services ? 1 : 0))), null, cancel);
        await right;
        var measured = stopped.Now(new Measurement { Run = "services", Workers = services, WorkersAre = $"with {pods.ToString(CultureInfo.InvariantCulture)} pods", Unit = "pods", Count = pods });
        await target.Namespaces.LeaveAsync(ns, cancel);
        return measured;
    }

    private static Task Right(HttpConnection watch, int wanted, CancellationToken cancel)
    {
        var ready = new Dictionary<string, int>(StringComparer.Ordinal);
        var sum = 0;
        return EventLines.UntilAsync(watch, line =>
        {
            using var frame = JsonDocument.Parse(line);
            var slice = frame.RootElement.GetProperty("object");
            var name = slice.GetProperty("metadata").GetProperty("name").GetString()!;
            var now = frame.RootElement.GetProperty("type").ValueEquals("DELETED") ? 0 : ReadyOf(slice);
            sum += now - ready.GetValueOrDefault(name);
            ready[name] = now;
            return sum == wanted;
        }, cancel);
    }

    private static int ReadyOf(JsonElement slice) => slice.TryGetProperty("endpoints", out var endpoints) && endpoints.ValueKind == JsonValueKind.Array
        ? endpoints.EnumerateArray().Count(static e => e.TryGetProperty("conditions", out var c) && c.TryGetProperty("ready", out var ready) && ready.ValueKind == JsonValueKind.True) : 0;

    private static byte[] Service(int index) => Encoding.UTF8.GetBytes(
        $$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"s-{{index}}"},"spec":{"selector":{"app":"a-{{index}}"},"ports":[{"port":80}]} }""");

    private static byte[] Deployment(int index, int replicas) => Encoding.UTF8.GetBytes(
        $$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d-{{index}}"},"spec":{"replicas":{{replicas}},"selector":{"matchLabels":{"app":"a-{{index}}"} },"template":{"metadata":{"labels":{"app":"a-{{index}}"} },"spec":{"containers":[{"name":"main","image":"registry.k8s.io/pause:3.10"}] } } } }""");
}
