using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Tests;

/// <summary>Upstream's fixtures, in which every field of a kind is set, against the typed objects.</summary>
public sealed class FixtureTests
{
    private static readonly Dictionary<string, Func<byte[], byte[]>> Types = new()
    {
        ["core.v1.Namespace"] = Again<Core.V1.Namespace>,
        ["core.v1.Node"] = Again<Core.V1.Node>,
        ["core.v1.Pod"] = Again<Core.V1.Pod>,
        ["core.v1.PodTemplate"] = Again<Core.V1.PodTemplate>,
        ["core.v1.Service"] = Again<Core.V1.Service>,
        ["core.v1.Endpoints"] = Again<Core.V1.Endpoints>,
        ["core.v1.ConfigMap"] = Again<Core.V1.ConfigMap>,
        ["core.v1.Secret"] = Again<Core.V1.Secret>,
        ["core.v1.ServiceAccount"] = Again<Core.V1.ServiceAccount>,
        ["core.v1.Event"] = Again<Core.V1.Event>,
        ["core.v1.Binding"] = Again<Core.V1.Binding>,
        ["core.v1.PersistentVolume"] = Again<Core.V1.PersistentVolume>,
        ["core.v1.PersistentVolumeClaim"] = Again<Core.V1.PersistentVolumeClaim>,
        ["core.v1.ReplicationController"] = Again<Core.V1.ReplicationController>,
        ["core.v1.ResourceQuota"] = Again<Core.V1.ResourceQuota>,
        ["core.v1.LimitRange"] = Again<Core.V1.LimitRange>,
        ["core.v1.ComponentStatus"] = Again<Core.V1.ComponentStatus>,
        ["core.v1.Status"] = Again<Status>,
        ["core.v1.DeleteOptions"] = Again<DeleteOptions>,
        ["core.v1.CreateOptions"] = Again<CreateOptions>,
        ["core.v1.UpdateOptions"] = Again<UpdateOptions>,
        ["core.v1.PatchOptions"] = Again<PatchOptions>,
        ["core.v1.GetOptions"] = Again<GetOptions>,
        ["core.v1.ListOptions"] = Again<ListOptions>,
        ["core.v1.APIGroup"] = Again<APIGroup>,
        ["core.v1.APIVersions"] = Again<APIVersions>,
        ["core.v1.WatchEvent"] = Again<WatchEvent>,
        ["discovery.k8s.io.v1.EndpointSlice"] = Again<Discovery.V1.EndpointSlice>,
        ["events.k8s.io.v1.Event"] = Again<Events.V1.Event>,
        ["apps.v1.Deployment"] = Again<Apps.V1.Deployment>,
        ["apps.v1.ReplicaSet"] = Again<Apps.V1.ReplicaSet>,
        ["apps.v1.StatefulSet"] = json => WithoutClaimTypes(Again<Apps.V1.StatefulSet>(json)),
        ["apps.v1.DaemonSet"] = Again<Apps.V1.DaemonSet>,
        ["apps.v1.ControllerRevision"] = Again<Apps.V1.ControllerRevision>,
        ["batch.v1.Job"] = Again<Batch.V1.Job>,
        ["batch.v1.CronJob"] = Again<Batch.V1.CronJob>,
        ["coordination.k8s.io.v1.Lease"] = Again<Coordination.V1.Lease>,
        ["rbac.authorization.k8s.io.v1.Role"] = Again<Rbac.V1.Role>,
        ["rbac.authorization.k8s.io.v1.RoleBinding"] = Again<Rbac.V1.RoleBinding>,
        ["rbac.authorization.k8s.io.v1.ClusterRole"] = Again<Rbac.V1.ClusterRole>,
        ["rbac.authorization.k8s.io.v1.ClusterRoleBinding"] = Again<Rbac.V1.ClusterRoleBinding>,
        ["authentication.k8s.io.v1.TokenRequest"] = Again<Authentication.V1.TokenRequest>,
        ["authentication.k8s.io.v1.TokenReview"] = Again<Authentication.V1.TokenReview>,
        ["authentication.k8s.io.v1.SelfSubjectReview"] = Again<Authentication.V1.SelfSubjectReview>,
        ["authorization.k8s.io.v1.SubjectAccessReview"] = Again<Authorization.V1.SubjectAccessReview>,
        ["authorization.k8s.io.v1.LocalSubjectAccessReview"] = Again<Authorization.V1.LocalSubjectAccessReview>,
        ["authorization.k8s.io.v1.SelfSubjectAccessReview"] = Again<Authorization.V1.SelfSubjectAccessReview>,
        ["authorization.k8s.io.v1.SelfSubjectRulesReview"] = Again<Authorization.V1.SelfSubjectRulesReview>,
        ["autoscaling.v1.Scale"] = Again<Autoscaling.V1.Scale>,
        ["autoscaling.v1.HorizontalPodAutoscaler"] = Again<Autoscaling.V1.HorizontalPodAutoscaler>,
        ["autoscaling.v2.HorizontalPodAutoscaler"] = Again<Autoscaling.V2.HorizontalPodAutoscaler>,
        ["policy.v1.PodDisruptionBudget"] = Again<Policy.V1.PodDisruptionBudget>,
        ["scheduling.k8s.io.v1.PriorityClass"] = Again<Scheduling.V1.PriorityClass>,
        ["node.k8s.io.v1.RuntimeClass"] = Again<Nodes.V1.RuntimeClass>,
        ["policy.v1.Eviction"] = Again<Policy.V1.Eviction>,
        ["admissionregistration.k8s.io.v1.MutatingWebhookConfiguration"] = Again<AdmissionRegistration.V1.MutatingWebhookConfiguration>,
        ["admissionregistration.k8s.io.v1.ValidatingWebhookConfiguration"] = Again<AdmissionRegistration.V1.ValidatingWebhookConfiguration>,
        ["admissionregistration.k8s.io.v1.ValidatingAdmissionPolicy"] = Again<AdmissionRegistration.V1.ValidatingAdmissionPolicy>,
        ["admissionregistration.k8s.io.v1.ValidatingAdmissionPolicyBinding"] = Again<AdmissionRegistration.V1.ValidatingAdmissionPolicyBinding>,
        ["admissionregistration.k8s.io.v1.MutatingAdmissionPolicy"] = Again<AdmissionRegistration.V1.MutatingAdmissionPolicy>,
        ["admissionregistration.k8s.io.v1.MutatingAdmissionPolicyBinding"] = Again<AdmissionRegistration.V1.MutatingAdmissionPolicyBinding>,
        ["networking.k8s.io.v1.NetworkPolicy"] = Again<Networking.V1.NetworkPolicy>,
        ["networking.k8s.io.v1.Ingress"] = Again<Networking.V1.Ingress>,
        ["networking.k8s.io.v1.IngressClass"] = Again<Networking.V1.IngressClass>,
        ["networking.k8s.io.v1.IPAddress"] = Again<Networking.V1.IPAddress>,
        ["networking.k8s.io.v1.ServiceCIDR"] = Again<Networking.V1.ServiceCIDR>,
        ["storage.k8s.io.v1.StorageClass"] = Again<Storage.V1.StorageClass>,
        ["storage.k8s.io.v1.CSIDriver"] = Again<Storage.V1.CSIDriver>,
        ["storage.k8s.io.v1.CSINode"] = Again<Storage.V1.CSINode>,
        ["storage.k8s.io.v1.CSIStorageCapacity"] = Again<Storage.V1.CSIStorageCapacity>,
        ["storage.k8s.io.v1.VolumeAttributesClass"] = Again<Storage.V1.VolumeAttributesClass>,
        ["storage.k8s.io.v1.VolumeAttachment"] = Again<Storage.V1.VolumeAttachment>,
        ["resource.k8s.io.v1.DeviceClass"] = Again<Resource.V1.DeviceClass>,
        ["resource.k8s.io.v1.ResourceClaim"] = Again<Resource.V1.ResourceClaim>,
        ["resource.k8s.io.v1.ResourceClaimTemplate"] = Again<Resource.V1.ResourceClaimTemplate>,
        ["resource.k8s.io.v1.ResourceSlice"] = Again<Resource.V1.ResourceSlice>,
        ["certificates.k8s.io.v1.CertificateSigningRequest"] = Again<Certificates.V1.CertificateSigningRequest>,
        ["flowcontrol.apiserver.k8s.io.v1.FlowSchema"] = Again<FlowControl.V1.FlowSchema>,
        ["flowcontrol.apiserver.k8s.io.v1.PriorityLevelConfiguration"] = Again<FlowControl.V1.PriorityLevelConfiguration>,
    };

    public static TheoryData<string> Names => [.. Types.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Every_field_survives_being_read_and_written_in_upstreams_order(string name)
    {
        var fixture = Reference.Bytes($"fixtures/{name}.json");
        Assert.Equal(Compact(fixture), Compact(Types[name](fixture)));
    }

    [Fact]
    public void Every_kind_has_a_fixture_here()
    {
        var kinds = GeneratedKinds.All.Concat(GeneratedKinds.OfSubresources).Select(k => $"{(k.Group.Length == 0 ? "core" : k.Group)}.{k.Version}.{k.Kind}");
        // Upstream's aggregator and its definitions keep none for their own kinds.
        Assert.Equal(["apiextensions.k8s.io.v1.CustomResourceDefinition", "apiregistration.k8s.io.v1.APIService"], kinds.Except(Types.Keys).Order(StringComparer.Ordinal));
    }

    private static byte[] Again<T>(byte[] json) where T : class, IApiType<T> => ApiJson.ToBytes(ApiJson.Parse<T>(json).DeepCopy());

    // The claims in a set say what they are as soon as a server has had them; the fixtures are of before.
    private static byte[] WithoutClaimTypes(byte[] json)
    {
        var set = JsonNode.Parse(json)!;
        foreach (var claim in set["spec"]!["volumeClaimTemplates"]!.AsArray())
        {
            Assert.Equal(("PersistentVolumeClaim", "v1"), ((string)claim!["kind"]!, (string)claim["apiVersion"]!));
            claim.AsObject().Remove("kind");
            claim.AsObject().Remove("apiVersion");
        }
        return Encoding.UTF8.GetBytes(set.ToJsonString());
    }

    private static string Compact(byte[] json) => JsonNode.Parse(Encoding.UTF8.GetString(json))!.ToJsonString();
}
