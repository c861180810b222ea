using Coracle.ApiServer;

namespace Coracle.Hosting;

/// <summary>The admission plugins of a control plane: those that upstream enables by default, in upstream's order.</summary>
internal static class AdmissionPlugins
{
    /// <summary>All change before any checks. Addresses of services are given out after webhooks, which may still change what a service wants; quotas are asked after all others.</summary>
    public static IReadOnlyList<AdmissionPlugin> Of(ControlPlaneOptions options, AccessControl access, ResourceQuotaAdmission quotas) =>
    [
        new NamespaceLifecycle(),
        new LimitRanger(),
        new ServiceAccountAdmission(),
        new TaintNodesByCondition(),
        new PodSecurityAdmission(options.PodSecurity),
        new PodPriority(),
        new DefaultTolerationSeconds(),
        new DefaultStorageClass(),
        new StorageObjectInUse(),
        new ClaimResize(),
        new RuntimeClassAdmission(),
        new CertificateApproval(),
        new CertificateSigning(),
        new CertificateSubjectRestriction(),
        new DefaultIngressClass(),
        new PodTopologyLabels(),
        new DeviceAdmission(),
        new MutatingPolicies(),
        new MutatingWebhooks(options.Webhooks),
        new CertificateRequestors(),
        new ServiceAddresses(options.ServiceRange),
        .. access.Admission,
        new ValidatingPolicies(),
        new ValidatingWebhooks(options.Webhooks),
        quotas,
    ];
}
