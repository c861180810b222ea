using Coracle.Sdk;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/webhook.go, what webhooks refuse.</summary>
public sealed class WebhookDenials(Cluster cluster) : IClassFixture<Cluster>
{
    private const string ConfigMapDenied = "denied the request: the configmap contains unwanted key and value";

    private static void IsDenied(Answer answer, string why) => Assert.Contains(why, answer.Is(400).Message, StringComparison.Ordinal);

    [Fact, Behaviour("Admission webhook, deny create")]
    public async Task Deny_create()
    {
        var hooks = await Hooks.Deploy(cluster);
        await hooks.Configure(Hooks.Validating,
            hooks.Hook("deny-unwanted-pod-container-name-and-label.k8s.io", "/pods", Hooks.Rule("CREATE", "pods")),
            hooks.Hook("deny-unwanted-configmap-data.k8s.io", "/configmaps", Hooks.Rule("CREATE UPDATE DELETE", "configmaps"), ""","objectSelector":{"matchExpressions":[{"key":"skip","operator":"DoesNotExist"}]}"""),
            hooks.Hook("fail-open.k8s.io", "/configmaps", Hooks.Rule("CREATE", "configmaps"), ""","failurePolicy":"Ignore" """, authority: false));

        var denied = (await cluster.Post($"{hooks.Path}/pods", """
            {"metadata":{"name":"disallowed-pod","labels":{"webhook-e2e-test":"webhook-disallow"}},"spec":{"containers":[{"name":"webhook-disallow","image":"pause"}]}}
            """)).Is(400);
        Assert.Contains("the pod contains unwanted container name", denied.Message, StringComparison.Ordinal);
        Assert.Contains("the pod contains unwanted label", denied.Message, StringComparison.Ordinal);

        var hanging = await cluster.Passing(cluster.Post($"{hooks.Path}/pods", """{"metadata":{"name":"hanging-pod"},"spec":{"containers":[{"name":"wait-forever","image":"pause"}]}}"""));
        Assert.Contains("failed calling webhook \"deny-unwanted-pod-container-name-and-label.k8s.io\"", hanging.Is(500).Message, StringComparison.Ordinal);
        Assert.Contains("deadline", hanging.Message, StringComparison.Ordinal);
        (await cluster.Get($"{hooks.Path}/pods/hanging-pod")).Is(404);

        IsDenied(await cluster.Post(hooks.ConfigMaps, Hooks.NonCompliant("disallowed")), ConfigMapDenied);
        await cluster.Create(hooks.ConfigMaps, Samples.ConfigMap("allowed", "\"admit\":\"this\""));
        var allowed = (await cluster.Get($"{hooks.ConfigMaps}/allowed")).Is(200).Json;
        allowed["data"]!["webhook-e2e-test"] = "webhook-disallow";
        IsDenied(await cluster.Put($"{hooks.ConfigMaps}/allowed", allowed.ToJsonString()), ConfigMapDenied);
        IsDenied(await cluster.Patch($"{hooks.ConfigMaps}/allowed", """{"data":{"webhook-e2e-test":"webhook-disallow"}}""", Cluster.Strategic), ConfigMapDenied);

        // A namespace that the webhook is not for.
        await cluster.Create($"/api/v1/namespaces/{await cluster.Namespace()}/configmaps", Hooks.NonCompliant("disallowed"));
    }

    [Fact, Behaviour("Admission webhook, deny attach")]
    public async Task Deny_attach()
    {
        var hooks = await Hooks.Deploy(cluster);
        await hooks.Configure(Hooks.Validating, hooks.Hook("deny-attaching-pod.k8s.io", "/pods/attach", Hooks.Rule("CONNECT", "pods/attach")));
        await cluster.Create($"{hooks.Path}/pods", Samples.Pod("to-be-attached-pod"));
        await cluster.Until($"{hooks.Path}/pods/to-be-attached-pod", found => found["status.phase"] == "Running");
        var reply = await cluster.Client.Transport.UpgradeAsync(
            new ApiCall { Method = "GET", Path = $"{hooks.Path}/pods/to-be-attached-pod/attach", Query = "stdin=true&stdout=true&container=nginx" }, ["v5.channel.k8s.io"], CancellationToken.None);
        Assert.Contains("attaching to pod 'to-be-attached-pod' is not allowed", new Answer(reply).Is(400).Message, StringComparison.Ordinal);
    }

    [Fact, Behaviour("Admission webhook, deny custom resource create and delete")]
    public async Task Deny_custom_resource_create_and_delete()
    {
        var hooks = await Hooks.Deploy(cluster);
        var crd = await hooks.Define();
        await hooks.Configure(Hooks.Validating, hooks.Hook("deny-unwanted-custom-resource-data.k8s.io", "/custom-resource", Hooks.Rule("CREATE UPDATE DELETE", crd.Plural, crd.Group)));
        var instances = crd.In(hooks.Namespace);
        IsDenied(await cluster.Post(instances, Instance("cr-instance-1", "webhook-disallow")), "the custom resource contains unwanted data");

        await cluster.Create(instances, Instance("cr-instance-2", "webhook-nondeletable"));
        var found = (await cluster.Get($"{instances}/cr-instance-2")).Is(200).Json;
        found["data"]!["webhook-e2e-test"] = "webhook-disallow";
        IsDenied(await cluster.Put($"{instances}/cr-instance-2", found.ToJsonString()), "the custom resource contains unwanted data");
        IsDenied(await cluster.Delete($"{instances}/cr-instance-2"), "the custom resource cannot be deleted because it contains unwanted key and value");
        await cluster.Update($"{instances}/cr-instance-2", obj => obj["data"]!["webhook-e2e-test"] = "webhook-allow");
        (await cluster.Delete($"{instances}/cr-instance-2")).Is(200);
        await cluster.Gone($"{instances}/cr-instance-2");

        string Instance(string name, string data) => crd.Instance(name, $$$""","data":{"webhook-e2e-test":"{{{data}}}"}""");
    }

    [Fact, Behaviour("Admission webhook, deny custom resource definition")]
    public async Task Deny_custom_resource_definition()
    {
        var hooks = await Hooks.Deploy(cluster);
        await hooks.Configure(Hooks.Validating, hooks.Hook("deny-crd-with-unwanted-label.k8s.io", "/crd", Hooks.Rule("CREATE", "customresourcedefinitions", "apiextensions.k8s.io", "*"),
            ""","objectSelector":{"matchLabels":{"webhook-e2e-test":"webhook-disallow"}}""", everywhere: true));
        var unwanted = Crd.Named("ToBeDenied");
        IsDenied(await cluster.Post(Crd.Definitions, unwanted.Body().Replace("\"metadata\":{", "\"metadata\":{\"labels\":{\"webhook-e2e-test\":\"webhook-disallow\"},", StringComparison.Ordinal)), "the crd contains unwanted label");
        (await cluster.Get(unwanted.Definition)).Is(404);
        await hooks.Define();
    }

    [Fact, Behaviour("Admission webhook, fail closed")]
    public async Task Fail_closed()
    {
        var hooks = await Hooks.Deploy(cluster);
        await hooks.Configure(Hooks.Validating, hooks.Hook("fail-closed.k8s.io", "/configmaps", Hooks.Rule("CREATE", "configmaps"), ""","failurePolicy":"Fail" """, authority: false));
        var refused = (await cluster.Post(hooks.ConfigMaps, Samples.ConfigMap("foo"))).Is(500);
        Assert.Equal("InternalError", refused.Reason);
    }

    [Fact, Behaviour("Admission webhook, honor timeout")]
    public async Task Honor_timeout()
    {
        var hooks = await Hooks.Deploy(cluster);
        var late = await CreateUnder(""","timeoutSeconds":1,"failurePolicy":"Fail" """);
        Assert.Contains("deadline exceeded", late.Is(500).Message, StringComparison.Ordinal);
        (await CreateUnder(""","timeoutSeconds":1,"failurePolicy":"Ignore" """)).Is(201);
        (await CreateUnder(""","timeoutSeconds":10,"failurePolicy":"Fail" """)).Is(201);
        (await CreateUnder(""","failurePolicy":"Fail" """)).Is(201);

        async Task<Answer> CreateUnder(string more)
        {
            var configuration = await hooks.Configure(Hooks.Validating, hooks.Hook("allow-configmap-with-delay-webhook.k8s.io", "/always-allow-delay-5s", Hooks.Rule("CREATE", "configmaps"), more));
            var created = await cluster.Passing(cluster.Post(hooks.ConfigMaps, """{"metadata":{"generateName":"e2e-test-"}}"""));
            (await cluster.Delete(configuration)).Is(200);
            return created;
        }
    }
}
