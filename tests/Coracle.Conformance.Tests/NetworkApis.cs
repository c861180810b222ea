namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/network, the kinds as objects.</summary>
public sealed class NetworkApis(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Networking = "networking.k8s.io";

    [Fact, Behaviour("EndpointSlice API")]
    public async Task EndpointSlice_API_operations()
    {
        var ns = await cluster.Namespace();
        await new ApiOperations("discovery.k8s.io", "endpointslices", "", Status: false)
        {
            Collection = $"/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices", Content = """ "addressType":"IPv4","endpoints":[{"addresses":["1.2.3.4","5.6.7.8"]}] """,
        }.Run(cluster, "e2e-example-ing");
    }

    [Fact, Behaviour("Ingress API")]
    public async Task Ingress_API_operations()
    {
        var ingresses = $"/apis/{Networking}/v1/namespaces/{await cluster.Namespace()}/ingresses";
        await new ApiOperations(Networking, "ingresses", """{"defaultBackend":{"service":{"name":"default-backend","port":{"name":"http"}}},"rules":[]}""", Status: true) { Collection = ingresses, Conditions = false }
            .Run(cluster, "e2e-example-ing", async name =>
            {
                var status = $"{ingresses}/{name}/status";
                Assert.Equal("Ingress", (await cluster.Get(status)).Is(200)["kind"]);
                var patched = (await cluster.Patch(status, """{"metadata":{"annotations":{"patchedstatus":"true"}},"status":{"loadBalancer":{"ingress":[{"ip":"169.1.1.1"}]}}}""")).Is(200);
                Assert.Equal(("true", "169.1.1.1"), (patched["metadata.annotations.patchedstatus"], patched["status.loadBalancer.ingress.0.ip"]));
                var updated = await cluster.Update(status, found => found["status"]!["loadBalancer"]!["ingress"]![0]!["ip"] = "169.1.1.2");
                Assert.Equal("169.1.1.2", updated["status.loadBalancer.ingress.0.ip"]);
            });
    }

    [Fact, Behaviour("IngressClass API")]
    public Task IngressClass_API_operations() => new ApiOperations(Networking, "ingressclasses", """{"controller":"example.com/controller"}""", Status: false).Run(cluster, "e2e-example-ingclass");

    [Fact, Behaviour("Kubernetes Service")]
    public async Task Provide_a_secure_kubernetes_service() => Assert.Equal("https", (await cluster.Get("/api/v1/namespaces/default/services/kubernetes")).Is(200)["spec.ports.0.name"]);

    [Fact, Behaviour("Find Kubernetes Service in default Namespace")]
    public async Task Find_a_service_from_listing_all_namespaces() =>
        Assert.Contains(("default", "kubernetes"), (await cluster.Get("/api/v1/services")).Is(200).Items.Select(s => (s.Text("metadata.namespace"), s.Text("metadata.name"))));

    [Fact, Behaviour("Service, deletes a collection of services")]
    public async Task Delete_a_collection_of_services()
    {
        var services = $"/api/v1/namespaces/{await cluster.Namespace()}/services";
        foreach (var (name, label) in new[] { ("e2e-svc-a", "\"e2e\":\"collection\""), ("e2e-svc-b", "\"e2e\":\"collection\""), ("e2e-svc-c", "") })
            await cluster.Create(services, $$$"""{"metadata":{"name":"{{{name}}}","labels":{ {{{label}}} } },"spec":{"ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":80}]} }""");
        Assert.Equal(3, (await cluster.Get(services)).Is(200).Items.Count);
        (await cluster.Delete($"{services}?labelSelector=e2e%3Dcollection")).Is(200);
        Assert.Equal(["e2e-svc-c"], (await cluster.Get(services)).Is(200).Names);
    }

    [Fact, Behaviour("EndpointSlice, \"empty\" Service")]
    public async Task EndpointSlice_of_a_service_that_selects_nothing()
    {
        var ns = await cluster.Namespace();
        await cluster.Create($"/api/v1/namespaces/{ns}/services", """{"metadata":{"name":"example-empty-selector"},"spec":{"selector":{"does-not-match-anything":"endpoints-and-endpoint-slices-should-still-be-created"},"ports":[{"name":"example","port":80,"protocol":"TCP"}]}}""");
        var slices = await cluster.Until($"/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dexample-empty-selector", found => found.Items.Count == 1);
        Assert.Equal("", slices.Items[0].Text("endpoints.0"));
        (await cluster.Delete($"/api/v1/namespaces/{ns}/services/example-empty-selector")).Is(200);
        await cluster.Until($"/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dexample-empty-selector", found => found.Items.Count == 0);
    }

    [Fact, Behaviour("EndpointSlice, creation/deletion")]
    public async Task EndpointSlices_follow_the_pods_of_a_service()
    {
        var ns = await cluster.Namespace();
        await cluster.Create($"/api/v1/namespaces/{ns}/pods", Samples.Pod("pod1", meta: ""","labels":{"foo":"bar"}""", container: ""","ports":[{"name":"example-name","containerPort":3000}]"""));
        await cluster.Create($"/api/v1/namespaces/{ns}/services", """{"metadata":{"name":"example-int-port"},"spec":{"selector":{"foo":"bar"},"ports":[{"name":"example","port":80,"targetPort":3000,"protocol":"TCP"}]}}""");
        await cluster.Create($"/api/v1/namespaces/{ns}/services", """{"metadata":{"name":"example-named-port"},"spec":{"selector":{"foo":"bar"},"ports":[{"name":"http","port":80,"targetPort":"example-name","protocol":"TCP"}]}}""");
        var pod = await cluster.Until($"/api/v1/namespaces/{ns}/pods/pod1", found => found["status.podIP"].Length > 0);
        foreach (var service in (string[])["example-int-port", "example-named-port"])
        {
            var slices = await cluster.Until($"/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D{service}", found => found.Items.Any(s => s.Text("endpoints.0.conditions.ready") == "true"));
            var slice = Assert.Single(slices.Items);
            Assert.Equal((pod["status.podIP"], "3000", pod.Uid), (slice.Text("endpoints.0.addresses.0"), slice.Text("ports.0.port"), slice.Text("endpoints.0.targetRef.uid")));
            (await cluster.Delete($"/api/v1/namespaces/{ns}/services/{service}")).Is(200);
            await cluster.Until($"/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D{service}", found => found.Items.Count == 0);
        }
    }
}
