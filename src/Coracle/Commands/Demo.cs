using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Commands;

internal sealed class DemoException(string message) : Exception(message);

/// <summary>Applies the sample, waits for it and requests its page in the three ways in which it can be reached.</summary>
internal sealed class Demo(Client client, TextWriter output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public async Task<int> RunAsync(string manifest, CancellationToken cancel)
    {
        foreach (var document in Schema.Yaml.Split(manifest)) await Apply(document, cancel);
        await Until("job web/migrate is complete", async () =>
            (await client.TryGetAsync<Job>(new Key("web", "migrate"), cancel))?.Status.Conditions?.Exists(c => c.Type == "Complete" && c.Status == "True") == true, cancel);
        await Until("deployment web/web is available", async () =>
            await client.TryGetAsync<Deployment>(new Key("web", "web"), cancel) is { } web && web.Status.AvailableReplicas >= (web.Spec.Replicas ?? 1) && web.Status.ObservedGeneration == web.Metadata.Generation, cancel);
        var service = await client.GetAsync<Service>(new Key("web", "web"), cancel);
        await PrintPods(cancel);
        await Request("cluster IP", $"http://{service.Spec.ClusterIP}/", cancel);
        var node = (await client.ListAsync<Kinds.Core.V1.Node>(null, null, cancel)).Items[0].Status.Addresses![0].Address;
        var port = service.Spec.Ports![0].NodePort.ToString(CultureInfo.InvariantCulture);
        await Request("node port", $"http://{node}:{port}/", cancel);
        await RequestFromPod("DNS name, from inside a pod", "http://web.web.svc.cluster.local/", cancel);
        return 0;
    }

    private async Task Apply(string document, CancellationToken cancel)
    {
        if (!Schema.Yaml.TryRead(document, strict: true, out var json, out var error)) throw new DemoException($"the sample is not YAML: {error}");
        if (json is not JsonObject obj) return;
        var kind = (string)obj["kind"]!;
        var apiVersion = (string)obj["apiVersion"]!;
        var name = (string)obj["metadata"]!["name"]!;
        var resource = Kinds.GeneratedKinds.All.First(k => k.ApiVersion == apiVersion && k.Kind == kind);
        var prefix = resource.Group.Length == 0 ? "/api/v1" : $"/apis/{apiVersion}";
        var collection = resource.Namespaced ? $"{prefix}/namespaces/{(string)obj["metadata"]!["namespace"]!}/{resource.Plural}" : $"{prefix}/{resource.Plural}";
        var body = Encoding.UTF8.GetBytes(obj.ToJsonString());
        var reply = await client.SendAsync(new ApiCall { Method = "POST", Path = collection, ContentType = "application/json", Body = body, Query = "fieldManager=coracle" }, cancel);
        var done = "created";
        if (reply.Status == 409)
        {
            done = "configured";
            // The pod template of a Job cannot change; the one that is there has done its work.
            if (kind == "Job") return;
            reply = await client.SendAsync(new ApiCall
            {
                Method = "PATCH", Path = $"{collection}/{name}", ContentType = "application/merge-patch+json", Body = body, Query = "fieldManager=coracle",
            }, cancel);
        }
        if (!reply.Ok) throw new DemoException($"{kind} {name}: {(string?)JsonNode.Parse(reply.Body.Span)?["message"]}");
        await output.WriteLineAsync($"{resource.Singular}{(resource.Group.Length == 0 ? "" : "." + resource.Group)}/{name} {done}");
    }

    private async Task Until(string what, Func<Task<bool>> holds, CancellationToken cancel)
    {
        await output.WriteLineAsync($"waiting until {what}");
        var deadline = DateTime.UtcNow + Patience;
        while (!await holds())
        {
            if (DateTime.UtcNow > deadline)
            {
                await PrintPods(cancel);
                throw new DemoException($"gave up after {Patience.TotalSeconds:0} s waiting until {what}");
            }
            await Task.Delay(200, cancel);
        }
    }

    private async Task PrintPods(CancellationToken cancel)
    {
        var reply = await client.SendAsync(new ApiCall { Method = "GET", Path = "/api/v1/namespaces/web/pods", Accept = "application/json;as=Table;v=v1;g=meta.k8s.io" }, cancel);
        if (!reply.Ok) return;
        var table = JsonNode.Parse(reply.Body.Span)!;
        var shown = table["columnDefinitions"]!.AsArray().Select((c, i) => (Name: (string)c!["name"]!, Index: i, Wide: (int)c["priority"]! > 0)).Where(c => !c.Wide && c.Name != "Age").ToList();
        await output.WriteLineAsync(string.Join("  ", shown.Select(c => c.Name.ToUpperInvariant().PadRight(c.Name == "Name" ? 28 : 10))));
        foreach (var row in table["rows"]!.AsArray())
            await output.WriteLineAsync(string.Join("  ", shown.Select(c => (row!["cells"]![c.Index]?.ToString() ?? "").PadRight(c.Name == "Name" ? 28 : 10))));
    }

    private async Task Request(string way, string url, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        var deadline = DateTime.UtcNow + TimeSpan.FromSeconds(15);
        while (true)
        {
            try
            {
                await output.WriteLineAsync($"by {way} ({url}): {(await http.GetStringAsync(url, cancel)).Trim()}");
                return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                if (DateTime.UtcNow > deadline) throw new DemoException($"{url} does not answer: {e.Message}");
                await Task.Delay(200, cancel);
            }
        }
    }

    // A pod that runs to its end, and its log: the page as a neighbour sees it.
    private async Task RequestFromPod(string way, string url, CancellationToken cancel)
    {
        var key = new Key("web", "visitor");
        await client.DeleteAsync<Pod>(key, Deletion.Now, cancel);
        await Until("no earlier visitor is left", async () => await client.TryGetAsync<Pod>(key, cancel) is null, cancel);
        await client.CreateAsync(new Pod
        {
            Metadata = new() { Name = key.Name, Namespace = key.Namespace },
            Spec = new()
            {
                RestartPolicy = RestartPolicy.Never,
                Containers = [new() { Name = "visitor", Image = SampleImage.Name, ImagePullPolicy = PullPolicy.IfNotPresent, Command = ["wget", "-q", "-O", "-", url] }],
            },
        }, cancel);
        await Until("the visitor has returned", async () => (await client.TryGetAsync<Pod>(key, cancel))?.Status.Phase is PodPhase.Succeeded or PodPhase.Failed, cancel);
        var log = await client.SendAsync(new ApiCall { Method = "GET", Path = "/api/v1/namespaces/web/pods/visitor/log", Accept = "*/*" }, cancel);
        var text = Encoding.UTF8.GetString(log.Body.Span).Trim();
        if ((await client.GetAsync<Pod>(key, cancel)).Status.Phase != PodPhase.Succeeded) throw new DemoException($"the page cannot be had by its DNS name: {text}");
        await output.WriteLineAsync($"by {way} ({url}): {text}");
    }
}
