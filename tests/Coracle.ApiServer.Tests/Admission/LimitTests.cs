using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Admission;

/// <summary>Limit ranges, quotas, priorities and classes, as upstream's plugins apply them.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private const string Core = "/api/v1/namespaces/default/";

    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync();

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_api.Errors);
        await _api.DisposeAsync();
    }

    private static string Pod(string name, string resources = "", string spec = "") =>
        $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"containers":[{"name":"c","image":"i"{{{(resources.Length > 0 ? $",\"resources\":{resources}" : "")}}} }]{{{spec}}} } }""";

    private Task Range(string item) => _api.Create(Core + "limitranges", $$$"""{"metadata":{"name":"l"},"spec":{"limits":[{{{item}}}]}}""");

    private Task Quota(string hard, string more = "", string name = "q") => _api.Create(Core + "resourcequotas", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"hard":{ {{{hard}}} }{{{more}}} } }""");

    [Fact]
    public async Task What_a_container_does_not_say_the_range_says()
    {
        await Range("""{"type":"Container","default":{"cpu":"2","memory":"1Gi"},"defaultRequest":{"cpu":"1"}}""");
        var pod = await _api.Create(Core + "pods", Pod("a", """{"limits":{"cpu":"3"}}""", ",\"initContainers\":[{\"name\":\"i\",\"image\":\"i\"}]"));
        Assert.Equal("""{"limits":{"cpu":"3","memory":"1Gi"},"requests":{"cpu":"3","memory":"1Gi"}}""", pod.At("spec.containers.0.resources"));
        Assert.Equal("""{"limits":{"cpu":"2","memory":"1Gi"},"requests":{"cpu":"1","memory":"1Gi"}}""", pod.At("spec.initContainers.0.resources"));
        Assert.Equal("LimitRanger plugin set: memory request for container c; memory limit for container c; cpu, memory request for init container i; cpu, memory limit for init container i",
            (string?)pod.Meta["annotations"]!["kubernetes.io/limit-ranger"]);
    }

    [Theory]
    [InlineData("""{"type":"Container","max":{"cpu":"1"}}""", """{"limits":{"cpu":"2"}}""", "maximum cpu usage per Container is 1, but limit is 2")]
    [InlineData("""{"type":"Container","min":{"memory":"1Gi"}}""", """{"requests":{"memory":"1Mi"}}""", "minimum memory usage per Container is 1Gi, but request is 1Mi")]
    [InlineData("""{"type":"Pod","min":{"memory":"1Gi"}}""", "", "minimum memory usage per Pod is 1Gi.  No request is specified")]
    [InlineData("""{"type":"Pod","max":{"cpu":"1"}}""", """{"requests":{"cpu":"1"}}""", "maximum cpu usage per Pod is 1.  No limit is specified")]
    [InlineData("""{"type":"Container","maxLimitRequestRatio":{"cpu":"2"}}""", """{"requests":{"cpu":"1"},"limits":{"cpu":"3"}}""", "cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000")]
    [InlineData("""{"type":"Container","max":{"cpu":"1"}}""", """{"requests":{"cpu":"1"},"limits":{"cpu":"1"}}""", "")]
    public async Task What_is_outside_of_a_range_is_refused(string range, string resources, string why)
    {
        await Range(range);
        var answer = await _api.Post(Core + "pods", Pod("a", resources));
        if (why.Length == 0) Assert.Equal(201, answer.Code);
        else Assert.Equal((403, "Forbidden", $"pods \"a\" is forbidden: {why}"), answer.Status);
    }

    [Fact]
    public async Task A_claims_size_has_limits()
    {
        await Range("""{"type":"PersistentVolumeClaim","max":{"storage":"2Gi"},"min":{"storage":"1Gi"}}""");
        Task<Answer> Claim(string size) => _api.Post(Core + "persistentvolumeclaims", $$$"""{"metadata":{"name":"c"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"{{{size}}}"} } } }""");
        Assert.Equal("persistentvolumeclaims \"c\" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi", (await Claim("3Gi")).Message);
        Assert.Equal("persistentvolumeclaims \"c\" is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi", (await Claim("1Mi")).Message);
        Assert.Equal(201, (await Claim("1Gi")).Code);
    }

    [Fact]
    public async Task A_quota_of_pods_holds_and_what_is_deleted_makes_room()
    {
        await Quota("\"pods\":\"2\"");
        await _api.Create(Core + "pods", Pod("a"));
        await _api.Create(Core + "pods", Pod("b"));
        Assert.Equal((403, "Forbidden", "pods \"c\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2"), (await _api.Post(Core + "pods", Pod("c"))).Status);
        await _api.Delete(Core + "pods/a", """{"gracePeriodSeconds":0}""");
        await _api.Create(Core + "pods", Pod("c"));
    }

    [Fact]
    public async Task A_hundred_requests_at_once_do_not_exceed_a_quota_together()
    {
        await Quota("\"count/configmaps\":\"10\"");
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => _api.Post(Api.ConfigMaps, $$$"""{"metadata":{"name":"c{{{i}}}"}}"""))));
        Assert.Equal(10, answers.Count(a => a.Code == 201));
        Assert.Equal(90, answers.Count(a => a.Code == 403));
        Assert.Equal(10, (await _api.Get(Api.ConfigMaps)).Items.Count);
    }

    [Fact]
    public async Task What_is_refused_after_all_uses_up_nothing()
    {
        await Quota("\"count/configmaps\":\"1\"");
        await _api.Create("/api/v1/namespaces", """{"metadata":{"name":"other"}}""");
        Assert.Equal(201, (await _api.Post($"{Api.ConfigMaps}?dryRun=All", """{"metadata":{"name":"a"}}""")).Code);
        await _api.CreateConfigMap("a");
        Assert.Equal(409, (await _api.Post(Api.ConfigMaps, """{"metadata":{"name":"a"}}""")).Code == 403 ? 409 : 0);
        await _api.Delete($"{Api.ConfigMaps}/a");
        await _api.CreateConfigMap("a");
        await _api.Create("/api/v1/namespaces/other/configmaps", """{"metadata":{"name":"a"}}""");
    }

    [Fact]
    public async Task Quotas_of_compute_demand_that_every_container_says_what_it_needs()
    {
        await Quota("\"requests.cpu\":\"2\",\"limits.memory\":\"1Gi\"");
        Assert.Equal("pods \"a\" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c", (await _api.Post(Core + "pods", Pod("a"))).Message);
        await _api.Create(Core + "pods", Pod("a", """{"requests":{"cpu":"1500m"},"limits":{"memory":"512Mi"}}"""));
        Assert.Equal("pods \"b\" is forbidden: exceeded quota: q, requested: limits.memory=600Mi,requests.cpu=600m, used: limits.memory=512Mi,requests.cpu=1500m, limited: limits.memory=1Gi,requests.cpu=2",
            (await _api.Post(Core + "pods", Pod("b", """{"requests":{"cpu":"600m"},"limits":{"memory":"600Mi"}}"""))).Message);
    }

    [Theory]
    [InlineData(",\"scopes\":[\"BestEffort\"]", "", "{\"requests\":{\"cpu\":\"1\"}}")]
    [InlineData(",\"scopes\":[\"NotBestEffort\"]", "{\"requests\":{\"cpu\":\"1\"}}", "")]
    public async Task Scopes_decide_which_pods_count(string scope, string counted, string free)
    {
        await Quota("\"pods\":\"0\"", scope);
        Assert.Equal(403, (await _api.Post(Core + "pods", Pod("a", counted))).Code);
        Assert.Equal(201, (await _api.Post(Core + "pods", Pod("b", free))).Code);
    }

    [Fact]
    public async Task Pods_with_a_deadline_and_a_priority_are_scopes_too()
    {
        await Quota("\"pods\":\"0\"", ",\"scopes\":[\"Terminating\"]");
        await Quota("\"pods\":\"0\"", ",\"scopeSelector\":{\"matchExpressions\":[{\"scopeName\":\"PriorityClass\",\"operator\":\"In\",\"values\":[\"system-node-critical\"]}]}", "p");
        Assert.Equal(403, (await _api.Post(Core + "pods", Pod("a", "", ",\"activeDeadlineSeconds\":5"))).Code);
        Assert.Equal(403, (await _api.Post(Core + "pods", Pod("b", "", ",\"priorityClassName\":\"system-node-critical\""))).Code);
        Assert.Equal(201, (await _api.Post(Core + "pods", Pod("c", "", ",\"priorityClassName\":\"system-cluster-critical\""))).Code);
    }

    [Fact]
    public async Task Services_and_claims_count_by_what_they_take()
    {
        await Quota("\"services.nodeports\":\"1\",\"requests.storage\":\"3Gi\",\"fast.storageclass.storage.k8s.io/persistentvolumeclaims\":\"1\"");
        Task<Answer> Service(string name, string type) => _api.Post(Core + "services", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"type":"{{{type}}}","ports":[{"port":80}]}}""");
        Assert.Equal(201, (await Service("a", "ClusterIP")).Code);
        Assert.Equal(201, (await Service("b", "NodePort")).Code);
        Assert.Equal("services \"c\" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1", (await Service("c", "NodePort")).Message);
        Assert.Equal(403, (await _api.Patch(Core + "services/a", """{"spec":{"type":"NodePort"}}""")).Code);
        Task<Answer> Claim(string name, string size, string more = "") => _api.Post(Core + "persistentvolumeclaims", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"{{{size}}}"} }{{{more}}} } }""");
        Assert.Equal(201, (await Claim("a", "1Gi", ",\"storageClassName\":\"fast\"")).Code);
        Assert.Equal(403, (await Claim("b", "1Gi", ",\"storageClassName\":\"fast\"")).Code);
        Assert.Equal(403, (await Claim("b", "3Gi")).Code);
        Assert.Equal(201, (await Claim("b", "2Gi")).Code);
    }

    [Fact]
    public async Task Any_kind_can_be_counted_by_its_full_name()
    {
        await Quota("\"count/deployments.apps\":\"0\"");
        var refused = await _api.Post("/apis/apps/v1/namespaces/default/deployments",
            """{"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        Assert.Equal("deployments.apps \"d\" is forbidden: exceeded quota: q, requested: count/deployments.apps=1, used: count/deployments.apps=0, limited: count/deployments.apps=0", refused.Message);
    }

    [Fact]
    public async Task A_quota_that_changes_is_in_force_at_once_for_what_is_there()
    {
        await _api.Create(Core + "pods", Pod("a"));
        await Quota("\"pods\":\"1\"");
        Assert.Equal(403, (await _api.Post(Core + "pods", Pod("b"))).Code);
        await _api.Patch(Core + "resourcequotas/q", """{"spec":{"hard":{"pods":"2"}}}""");
        await _api.Create(Core + "pods", Pod("b"));
        await _api.Delete(Core + "resourcequotas/q");
        await _api.Create(Core + "pods", Pod("c"));
    }

    [Fact]
    public async Task Claims_and_ingresses_get_the_default_class_the_newest_one()
    {
        Task<Answer> Storage(string name) => _api.Create("/apis/storage.k8s.io/v1/storageclasses", $$$"""{"metadata":{"name":"{{{name}}}","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}},"provisioner":"x/y"}""");
        await Storage("old");
        _api.Time.Advance(TimeSpan.FromMinutes(1));
        await Storage("new");
        var claim = await _api.Create(Core + "persistentvolumeclaims", """{"metadata":{"name":"c"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""");
        Assert.Equal("new", claim.At("spec.storageClassName"));
        await _api.Create("/apis/networking.k8s.io/v1/ingressclasses", """{"metadata":{"name":"web","annotations":{"ingressclass.kubernetes.io/is-default-class":"true"}},"spec":{"controller":"x/y"}}""");
        var ingress = await _api.Create("/apis/networking.k8s.io/v1/namespaces/default/ingresses", """{"metadata":{"name":"i"},"spec":{"defaultBackend":{"service":{"name":"s","port":{"number":80}}}}}""");
        Assert.Equal("web", ingress.At("spec.ingressClassName"));
    }

    [Fact]
    public async Task A_binding_brings_the_nodes_place_along()
    {
        await _api.Create("/api/v1/nodes", """{"metadata":{"name":"n","labels":{"topology.kubernetes.io/zone":"z","topology.kubernetes.io/region":"r"}}}""");
        await _api.Create(Core + "pods", Pod("a"));
        await _api.Create(Core + "pods/a/binding", """{"metadata":{"name":"a"},"target":{"kind":"Node","name":"n"}}""");
        Assert.Equal("""{"topology.kubernetes.io/region":"r","topology.kubernetes.io/zone":"z"}""", (await _api.Get(Core + "pods/a")).At("metadata.labels"));
    }
}
