using System.Text;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Autoscaling.V2;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;
using Coracle.Kinds.Networking.V1;
using Coracle.Kinds.Resource.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Schema;
using Coracle.Sdk;
using ResourceClaim = Coracle.Kinds.Resource.V1.ResourceClaim;

namespace Coracle.Testing.Tests;

/// <summary>The controllers of volumes, addresses, autoscalers and claims do their work with the rights that upstream's roles give them, and ask for no others.</summary>
public sealed class ControllerRightsTests : IAsyncLifetime
{
    private TestCluster cluster = null!;

    public async ValueTask InitializeAsync() => cluster = await TestCluster.StartAsync(new() { Nodes = 2 });

    public async ValueTask DisposeAsync()
    {
        var metrics = Encoding.UTF8.GetString((await cluster.Client.SendAsync(new() { Method = "GET", Path = "/metrics" })).Body.Span);
        await cluster.DisposeAsync();
        Assert.DoesNotContain(metrics.Split('\n'), line => line.Contains("code=\"403\"", StringComparison.Ordinal));
    }

    private static Kinds.Meta.V1.ObjectMeta Named(string name) => new() { Namespace = "default", Name = name };

    [Fact]
    public async Task An_autoscaler_scales_and_asks_the_metrics_apis()
    {
        await cluster.Client.CreateAsync(Samples.Deployment("web", 4));
        await cluster.Client.CreateAsync(new HorizontalPodAutoscaler { Metadata = Named("web"), Spec = new() { ScaleTargetRef = new() { ApiVersion = "apps/v1", Kind = "Deployment", Name = "web" }, MaxReplicas = 2 } });
        await cluster.UntilAsync<Deployment>("default/web", d => d.Spec.Replicas == 2 && d.Status.Replicas == 2);
        await cluster.UntilAsync<HorizontalPodAutoscaler>("default/web", h => h.Status.Conditions?.Exists(c => c is { Type: "ScalingActive", Reason: "FailedGetResourceMetric" }) == true);
    }

    [Fact]
    public async Task Services_get_what_belongs_to_them()
    {
        var service = await cluster.Client.CreateAsync(new Service { Metadata = Named("front"), Spec = new() { Type = "LoadBalancer", Ports = [new() { Port = 80 }] } });
        await cluster.UntilAsync<Service>("default/front", s => s.Status.LoadBalancer.Ingress is [{ Ip: "10.128.0.1" }]);
        await cluster.UntilAsync<IPAddress>(service.Spec.ClusterIP, a => a.Spec.ParentRef!.Name == "front");
        await cluster.UntilAsync<ServiceCIDR>("kubernetes", r => r.Status.Conditions is [{ Type: "Ready", Status: "True" }]);
        await cluster.Client.CreateAsync(new Endpoints { Metadata = Named("front"), Subsets = [new() { Addresses = [new() { Ip = "10.0.0.1" }], Ports = [new() { Port = 80 }] }] });
        await cluster.UntilAllAsync<EndpointSlice>(slices => slices.Any(s => s.Metadata.Labels?.GetValueOrDefault("endpointslice.kubernetes.io/managed-by") == "endpointslicemirroring-controller.k8s.io"));
        await cluster.Client.DeleteAsync<Service>(new Key("default", "front"));
        await cluster.UntilGoneAsync<IPAddress>(service.Spec.ClusterIP);
    }

    [Fact]
    public async Task A_secret_of_an_account_holds_a_token_that_the_server_takes_for_as_long_as_it_is_there()
    {
        await cluster.Client.CreateAsync(new ServiceAccount { Metadata = Named("bot") });
        await cluster.Client.CreateAsync(new Secret { Metadata = new() { Namespace = "default", Name = "bot", Annotations = new() { ["kubernetes.io/service-account.name"] = "bot" } }, Type = "kubernetes.io/service-account-token" });
        var secret = await cluster.UntilAsync<Secret>("default/bot", s => s.Data?.ContainsKey("token") == true);
        var token = Encoding.UTF8.GetString(secret.Data!["token"]);
        Assert.Equal("system:serviceaccount:default:bot", (await ReviewAsync(token)).Status.User?.Username);
        await cluster.Client.DeleteAsync<ServiceAccount>(new Key("default", "bot"));
        await cluster.UntilGoneAsync<Secret>("default/bot");
        Assert.False((await ReviewAsync(token)).Status.Authenticated);
    }

    private async Task<Kinds.Authentication.V1.TokenReview> ReviewAsync(string token) => await cluster.Client.CreateAsync(new Kinds.Authentication.V1.TokenReview { Spec = new() { Token = token } });

    [Fact]
    public async Task Claims_of_devices_are_made_and_taken_away()
    {
        await cluster.Client.CreateAsync(new ResourceClaimTemplate
        {
            Metadata = Named("gpu"), Spec = new() { Spec = new() { Devices = new() { Requests = [new() { Name = "gpu", Exactly = new() { DeviceClassName = "gpu", AllocationMode = "ExactCount", Count = 1 } }] } } },
        });
        await cluster.Client.CreateAsync(new Pod
        {
            Metadata = Named("p"), Spec = new() { Containers = [new() { Name = "main", Image = "main:1" }], ResourceClaims = [new() { Name = "device", ResourceClaimTemplateName = "gpu" }] },
        });
        await cluster.UntilAsync<Pod>("default/p", p => p.Status.ResourceClaimStatuses is [{ ResourceClaimName.Length: > 0 }]);
        await cluster.Client.DeleteAsync<Pod>(new Key("default", "p"));
        await cluster.UntilAllAsync<ResourceClaim>(claims => claims.Count == 0);
    }

    [Fact]
    public async Task Volumes_of_drivers_are_attached_and_settings_protected()
    {
        await cluster.Client.CreateAsync(new VolumeAttributesClass { Metadata = new() { Name = "fast" }, DriverName = "disk.example.com", Parameters = new() { ["iops"] = "1" } });
        await cluster.UntilAsync<VolumeAttributesClass>("fast", c => c.Metadata.Finalizers is ["kubernetes.io/vac-protection"]);
        await cluster.Client.CreateAsync(new PersistentVolume
        {
            Metadata = new() { Name = "v" },
            Spec = new() { AccessModes = ["ReadWriteOnce"], Capacity = new() { ["storage"] = Quantity.Parse("1Gi") }, Csi = new() { Driver = "disk.example.com", VolumeHandle = "d1" } },
        });
        await cluster.Client.CreateAsync(new PersistentVolumeClaim
        {
            Metadata = Named("c"), Spec = new() { AccessModes = ["ReadWriteOnce"], StorageClassName = "", Resources = new() { Requests = new() { ["storage"] = Quantity.Parse("1Gi") } } },
        });
        await cluster.Client.CreateAsync(new Pod
        {
            Metadata = Named("p"), Spec = new() { Containers = [new() { Name = "main", Image = "main:1" }], Volumes = [new() { Name = "data", PersistentVolumeClaim = new() { ClaimName = "c" } }] },
        });
        await cluster.UntilAllAsync<VolumeAttachment>(all => all is [{ Spec.Attacher: "disk.example.com" }]);
        await cluster.Client.DeleteAsync<Pod>(new Key("default", "p"));
        await cluster.UntilAllAsync<VolumeAttachment>(all => all.Count == 0);
        await cluster.Client.DeleteAsync<VolumeAttributesClass>(new Key("fast"));
        await cluster.UntilGoneAsync<VolumeAttributesClass>("fast");
    }

    [Fact]
    public async Task A_budget_asks_the_scale_of_whoever_keeps_its_pods()
    {
        static ApiCall Post(string path, string body) => new() { Method = "POST", Path = path, ContentType = "application/json", Body = Encoding.UTF8.GetBytes(body) };
        var defined = await cluster.Client.SendAsync(Post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"herds.example.com"},"spec":{"group":"example.com","scope":"Namespaced",
            "names":{"plural":"herds","kind":"Herd"},"versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{},"scale":{"specReplicasPath":".spec.replicas","statusReplicasPath":".status.replicas"}},
            "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"replicas":{"type":"integer"}}},"status":{"type":"object","properties":{"replicas":{"type":"integer"}}}}}}}]}}
            """));
        Assert.Equal(201, defined.Status);
        await cluster.UntilAsync<Kinds.Apiextensions.V1.CustomResourceDefinition>("herds.example.com", d => d.Status.Conditions?.Exists(c => c is { Type: "Established", Status: "True" }) == true);
        var made = await cluster.Client.SendAsync(Post("/apis/example.com/v1/namespaces/default/herds", """{"apiVersion":"example.com/v1","kind":"Herd","metadata":{"name":"h"},"spec":{"replicas":4}}"""));
        Assert.Equal(201, made.Status);
        var uid = System.Text.Json.Nodes.JsonNode.Parse(made.Body.Span)!["metadata"]!["uid"]!.GetValue<string>();
        for (var i = 0; i < 2; i++)
            await cluster.Client.CreateAsync(new Pod
            {
                Metadata = new()
                {
                    Namespace = "default", Name = $"p{i}", Labels = new() { ["app"] = "herd" },
                    OwnerReferences = [new() { ApiVersion = "example.com/v1", Kind = "Herd", Name = "h", Uid = uid, Controller = true }],
                },
                Spec = new() { Containers = [new() { Name = "main", Image = "main:1" }] },
            });
        await cluster.Client.CreateAsync(new Kinds.Policy.V1.PodDisruptionBudget { Metadata = Named("herd"), Spec = new() { MaxUnavailable = "50%", Selector = new() { MatchLabels = new() { ["app"] = "herd" } } } });
        await cluster.UntilAsync<Kinds.Policy.V1.PodDisruptionBudget>("default/herd", b => b.Status is { ExpectedPods: 4, DesiredHealthy: 2, CurrentHealthy: 2, DisruptionsAllowed: 0 });
    }
}
