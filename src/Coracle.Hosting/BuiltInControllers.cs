using Coracle.ApiServer;
using Coracle.Controllers;
using Coracle.Controllers.Autoscaling;
using Coracle.Controllers.Bootstrap;
using Coracle.Controllers.Certificates;
using Coracle.Controllers.CronJobs;
using Coracle.Controllers.DaemonSets;
using Coracle.Controllers.Deployments;
using Coracle.Controllers.Disruption;
using Coracle.Controllers.GarbageCollection;
using Coracle.Controllers.Jobs;
using Coracle.Controllers.Networking;
using Coracle.Controllers.ReplicaSets;
using Coracle.Controllers.ReplicationControllers;
using Coracle.Controllers.Resources;
using Coracle.Controllers.Roles;
using Coracle.Controllers.Scheduling;
using Coracle.Controllers.StatefulSets;
using Coracle.Controllers.Volumes;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>The controllers of a control plane, over one set of caches.</summary>
internal static class BuiltInControllers
{
    public static ControllerHost Host(Server server, InformerSet informers, ControlPlaneOptions options, AccessControl access)
    {
        var host = new ControllerHost(informers);
        host.Add(DefaultAccountReconciler.NewController(informers));
        host.Add(RootCaReconciler.NewController(informers, options.CertificateAuthority));
        host.Add(EndpointSliceReconciler.NewController(informers));
        host.Add(EndpointsReconciler.NewController(informers));
        host.Add(NodeRangeReconciler.NewController(informers, options.PodRange));
        host.Add(NodeLifecycleReconciler.NewController(informers));
        host.Add(TaintEvictionReconciler.NewController(informers));
        host.Add(PodGcReconciler.NewController(informers));
        host.Add(NamespaceReconciler.NewController(informers));
        host.Add(ReplicaSetReconciler.NewController(informers));
        host.Add(DeploymentReconciler.NewController(informers));
        host.Add(StatefulSetReconciler.NewController(informers));
        host.Add(DaemonSetReconciler.NewController(informers));
        host.Add(ReplicationControllerReconciler.NewController(informers));
        host.Add(DisruptionReconciler.NewController(informers));
        host.Add(AutoscalerReconciler.NewController(informers));
        host.Add(JobReconciler.NewController(informers));
        host.Add(OrphanedPodReconciler.NewController(informers));
        host.Add(FinishedJobReconciler.NewController(informers));
        host.Add(CronJobReconciler.NewController(informers));
        host.Add(GarbageReconciler.NewController(informers));
        host.Add(ClusterRoleAggregationReconciler.NewController(informers));
        host.Add(ApprovingReconciler.NewController(informers));
        if (options.Pki is { } pki) host.Add(SigningReconciler.NewController(informers, pki.ClusterAuthority.SignRequest));
        host.Add(CleaningReconciler.NewController(informers));
        host.Add(TokenCleaningReconciler.NewController(informers));
        host.Add(ClusterInfoSigningReconciler.NewController(informers));
        AddVolumes(host, informers, options);
        AddNetworking(host, informers, options);
        host.Add(NodeTtlReconciler.NewController(informers));
        host.Add(LeaseGcReconciler.NewController(informers));
        host.Add(ResourceClaimReconciler.NewController(informers));
        host.Add(TokenSecretReconciler.NewController(informers, access.SecretToken, options.CertificateAuthority));
        host.Add(AvailabilityReconciler.NewController(server, informers));
        return host;
    }

    private static void AddNetworking(ControllerHost host, InformerSet informers, ControlPlaneOptions options)
    {
        host.Add(SliceMirroringReconciler.NewController(informers));
        host.Add(ServiceCidrReconciler.NewController(informers));
        host.Add(ServiceAddressReconciler.NewController(informers));
        host.Add(LoadBalancerReconciler.NewController(informers, options.LoadBalancerRange));
    }

    private static void AddVolumes(ControllerHost host, InformerSet informers, ControlPlaneOptions options)
    {
        host.Add(VolumeBindingReconciler.NewController(informers));
        host.Add(ClaimProtectionReconciler.NewController(informers));
        host.Add(VolumeProtectionReconciler.NewController(informers));
        host.Add(EphemeralVolumeReconciler.NewController(informers));
        host.Add(SettingsProtectionReconciler.NewController(informers));
        host.Add(AttachmentReconciler.NewController(informers));
        host.Add(ExpansionReconciler.NewController(informers));
        host.Add(LocalPathReconciler.NewController(informers, new NodeDirectories(options.Nodes)));
    }

    public static Scheduler Scheduler(InformerSet informers) => new(informers.Client.As("kube-scheduler"), informers);
}
