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
    /// <summary>All of them in one process with the server: those of the controller manager, and those that belong to the server or to this cluster.</summary>
    public static ControllerHost Host(Server server, InformerSet informers, ControlPlaneOptions options, AccessControl access)
    {
        var host = new ControllerHost(informers);
        if (options.RunsControllers)
            AddManager(host, informers, new ManagerSettings
            {
                CertificateAuthority = options.CertificateAuthority, PodRange = options.PodRange, Sign = options.Pki is { } pki ? pki.ClusterAuthority.SignRequest : null, IssueToken = access.SecretToken,
            });
        AddServer(host, server, informers);
        host.Add(LoadBalancerReconciler.NewController(informers, options.LoadBalancerRange));
        host.Add(LocalPathReconciler.NewController(informers, new NodeDirectories(options.Nodes)));
        return host;
    }

    /// <summary>What upstream's kube-controller-manager runs: it needs the API and nothing else.</summary>
    public static void AddManager(ControllerHost host, InformerSet informers, ManagerSettings settings)
    {
        host.Add(DefaultAccountReconciler.NewController(informers));
        if (settings.CertificateAuthority is { } authority) host.Add(RootCaReconciler.NewController(informers, authority));
        host.Add(EndpointSliceReconciler.NewController(informers));
        host.Add(EndpointsReconciler.NewController(informers));
        if (settings.PodRange is { } range) host.Add(NodeRangeReconciler.NewController(informers, range));
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
        if (settings.Sign is { } sign) host.Add(SigningReconciler.NewController(informers, sign));
        host.Add(CleaningReconciler.NewController(informers));
        host.Add(TokenCleaningReconciler.NewController(informers));
        host.Add(ClusterInfoSigningReconciler.NewController(informers));
        AddVolumes(host, informers);
        host.Add(SliceMirroringReconciler.NewController(informers));
        host.Add(ServiceCidrReconciler.NewController(informers));
        host.Add(NodeTtlReconciler.NewController(informers));
        host.Add(ResourceClaimReconciler.NewController(informers));
        if (settings.IssueToken is { } issue) host.Add(TokenSecretReconciler.NewController(informers, issue, settings.CertificateAuthority ?? ""));
    }

    private static void AddVolumes(ControllerHost host, InformerSet informers)
    {
        host.Add(VolumeBindingReconciler.NewController(informers));
        host.Add(ClaimProtectionReconciler.NewController(informers));
        host.Add(VolumeProtectionReconciler.NewController(informers));
        host.Add(EphemeralVolumeReconciler.NewController(informers));
        host.Add(SettingsProtectionReconciler.NewController(informers));
        host.Add(AttachmentReconciler.NewController(informers));
        host.Add(ExpansionReconciler.NewController(informers));
    }

    // What upstream's API server sees to itself.
    private static void AddServer(ControllerHost host, Server server, InformerSet informers)
    {
        host.Add(ServiceAddressReconciler.NewController(informers));
        host.Add(LeaseGcReconciler.NewController(informers));
        host.Add(AvailabilityReconciler.NewController(server, informers));
    }

    public static Scheduler Scheduler(InformerSet informers) => new(informers.Client.As("kube-scheduler"), informers);
}

/// <summary>What the controller manager has beside the API; without a part, the controllers that need it do not run.</summary>
internal sealed record ManagerSettings
{
    /// <summary>The authority that pods are told to trust, in PEM.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>Where nodes' ranges of pod addresses are taken from.</summary>
    public System.Net.IPNetwork? PodRange { get; init; }

    /// <summary>Signs requests for certificates.</summary>
    public CertificateSigner? Sign { get; init; }

    /// <summary>Signs tokens that live as long as a secret.</summary>
    public Func<Kinds.Core.V1.ServiceAccount, Kinds.Core.V1.Secret, string>? IssueToken { get; init; }
}
