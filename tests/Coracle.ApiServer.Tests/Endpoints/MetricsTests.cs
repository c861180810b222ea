using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Endpoints;

/// <summary>What dashboards ask for, under the names and labels that they ask for.</summary>
public sealed class MetricsTests
{
    private static async Task<string> Metrics(Api api) => (await api.Get("/metrics")).Text;

    [Fact]
    public async Task Requests_are_counted_by_method_resource_scope_and_code()
    {
        await using var api = await Api.StartAsync();
        await api.CreateConfigMap("one");
        await api.Get($"{Api.ConfigMaps}/one");
        await api.Get(Api.ConfigMaps);
        await api.Get("/api/v1/configmaps");
        await api.Patch($"{Api.ConfigMaps}/one", "{}");
        await api.Patch($"{Api.ConfigMaps}/one?fieldManager=me", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"one"}}""", Api.Apply);
        await api.Delete($"{Api.ConfigMaps}/one?dryRun=All");
        await api.Get("/api/v1/nothing/x");
        var text = await Metrics(api);
        string Of(string verb, string scope, int code, string dryRun = "") =>
            $"apiserver_request_total{{code=\"{code}\",component=\"apiserver\",dry_run=\"{dryRun}\",group=\"\",resource=\"configmaps\",scope=\"{scope}\",subresource=\"\",verb=\"{verb}\",version=\"v1\"}} 1\n";
        foreach (var line in (string[])[Of("POST", "resource", 201), Of("GET", "resource", 200), Of("LIST", "namespace", 200), Of("LIST", "cluster", 200), Of("PATCH", "resource", 200), Of("APPLY", "resource", 200), Of("DELETE", "resource", 200, "All")])
            Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing", text, StringComparison.Ordinal);
        Assert.Contains("apiserver_request_duration_seconds_bucket{component=\"apiserver\",dry_run=\"\",group=\"\",resource=\"configmaps\",scope=\"namespace\",subresource=\"\",verb=\"LIST\",version=\"v1\",le=\"1.25\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("apiserver_request_sli_duration_seconds_count{component=\"apiserver\",group=\"\",resource=\"configmaps\",scope=\"namespace\",subresource=\"\",verb=\"LIST\",version=\"v1\"} 1\n", text, StringComparison.Ordinal);
        // This request itself.
        Assert.Contains("apiserver_current_inflight_requests{request_kind=\"readOnly\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("apiserver_current_inflight_requests{request_kind=\"mutating\"} 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_watches_and_stored_objects_are_told_by_resource()
    {
        await using var api = await Api.StartAsync();
        await api.CreateConfigMap("one");
        const string watch = "apiserver_longrunning_requests{component=\"apiserver\",group=\"\",resource=\"configmaps\",scope=\"namespace\",subresource=\"\",verb=\"WATCH\",version=\"v1\"}";
        await api.Watch($"{Api.ConfigMaps}?watch=true");
        var text = await Metrics(api);
        Assert.Contains($"{watch} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("apiserver_storage_objects{resource=\"configmaps\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("apiserver_resource_objects{group=\"apps\",resource=\"deployments\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("kubernetes_feature_enabled{name=\"WatchList\",stage=\"BETA\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_name_is_told_of_once()
    {
        await using var api = await Api.StartAsync();
        var names = (await Metrics(api)).Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).ToList();
        Assert.Equal(names.Distinct(), names);
    }
}
