using System.Text.Json.Nodes;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.CustomResources;

/// <summary>A server with definitions: what becomes of them runs beside it.</summary>
public sealed class Crds : IAsyncDisposable
{
    public const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    public const string Widgets = "/apis/example.com/v1/namespaces/default/widgets";

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _lifecycle;

    private Crds(Api api)
    {
        Api = api;
        _lifecycle = new DefinitionLifecycle(api.Server, Failures.Add).RunAsync(_stop.Token);
    }

    public Api Api { get; }

    /// <summary>What went wrong beside requests: nothing should.</summary>
    public List<string> Failures { get; } = [];

    public static async Task<Crds> StartAsync(Store.IStore? store = null, WebhookTransport? webhooks = null) =>
        new(store?.Revision > 0 ? await Api.OpenAsync(store) : await Api.StartAsync(store, webhooks: webhooks));

    /// <summary>Creates a definition and waits until it is served.</summary>
    public async Task<Answer> Define(string definition)
    {
        var created = await Api.Create(Definitions, definition);
        await Established(created.Name);
        return created;
    }

    public Task Established(string name) => Condition(name, "Established", "True");

    /// <summary>Waits until a condition has a status.</summary>
    public async Task<JsonObject> Condition(string name, string type, string status)
    {
        while (true)
        {
            var answer = await Api.Get($"{Definitions}/{name}");
            var conditions = answer.Json["status"]?["conditions"] as JsonArray;
            if (conditions?.OfType<JsonObject>().FirstOrDefault(c => (string?)c["type"] == type) is { } found && (string?)found["status"] == status) return found;
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until there is nothing at a path.</summary>
    public async Task Gone(string path)
    {
        while ((await Api.Get(path)).Code != 404) await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    /// <summary>A definition of widgets in one version, of which the spec's properties are given.</summary>
    public static string Widget(string properties, string more = "", string version = "", string names = "", string root = "") => $$$$$"""
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced",
        "names":{"plural":"widgets","kind":"Widget"{{{{{names}}}}}}{{{{{more}}}}},"versions":[{"name":"v1","served":true,"storage":true{{{{{version}}}}},"schema":{"openAPIV3Schema":{"type":"object",
        "properties":{"spec":{"type":"object","properties":{ {{{{{properties}}}}} }},"status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}{{{{{root}}}}} }} }]}}
        """;

    public static string Object(string name, string spec, string more = "") =>
        $$$"""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"{{{name}}}"},"spec":{{{spec}}}{{{more}}} }""";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _lifecycle;
        }
        catch (OperationCanceledException)
        {
        }
        _stop.Dispose();
        await Api.DisposeAsync();
        Assert.Empty(Failures);
    }
}
