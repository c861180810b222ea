using Coracle.Kinds.Apiextensions.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Samples.Chaos.Kinds;
using Coracle.Samples.Chaos.Reconcilers;
using Coracle.Samples.Chaos.Webhooks;
using Coracle.Sdk;

namespace Coracle.Samples.Chaos;

/// <summary>ChaosCron makes ChaosSets, which make Chaos, which strikes pods: three kinds, and one reconciler for each.</summary>
public static class ChaosOperator
{
    /// <summary>Of its service account, its roles and its webhook configurations.</summary>
    public const string Name = "chaos";

    /// <summary>The namespace in which it runs.</summary>
    public const string Home = "chaos-system";

    /// <summary>The service in front of its webhooks.</summary>
    public static WebhookPlace InCluster { get; } = WebhookPlace.Service(Home, "chaos-webhooks");

    /// <summary>The definitions that the operator needs on the server, each in its newest version alone.</summary>
    public static IReadOnlyList<CustomResourceDefinition> Kinds { get; } = [Definitions.Of<ChaosCron>(), Definitions.Of<ChaosSet>(), Definitions.Of<Kinds.Chaos>()];

    /// <summary>The same where webhooks convert schedules between their versions.</summary>
    public static IReadOnlyList<CustomResourceDefinition> KindsAt(WebhookPlace webhooks) => [Definitions.Of(ChaosCronVersions.All, webhooks), .. Kinds.Skip(1)];

    /// <summary>Brings about on a server what the manifests would: for a run outside of the cluster, by somebody who may.</summary>
    public static async Task InstallAsync(Client client, WebhookPlace? webhooks, CancellationToken cancel)
    {
        await Definitions.InstallAsync(client, webhooks is null ? Kinds : KindsAt(webhooks), cancel: cancel);
        if (webhooks is null) return;
        await client.TryCreateAsync(new Namespace { Metadata = new() { Name = Home } }, cancel);
        await WebhookConfigurations.InstallAsync(client, Webhooks(), Name, webhooks, cancel);
    }

    /// <summary>What the server asks the operator.</summary>
    public static WebhookSet Webhooks(ClientOptions? options = null) =>
        new WebhookSet(options).Default(new ChaosCronDefaulter()).Validate(new ChaosCronValidator()).Convert(ChaosCronVersions.All);

    /// <summary>The certificate with which it answers.</summary>
    public static WebhookCertificates Certificates(InformerSet informers, IReadOnlyList<string> names) =>
        new(informers, new() { Namespace = Home, DnsNames = names, Configurations = [Name], Definitions = [ChaosCron.Info.GroupResource] });

    /// <summary>Adds the reconcilers to a host.</summary>
    public static ControllerHost AddTo(ControllerHost host, InformerSet informers) =>
        host.Add(ChaosCronReconciler.NewController(informers)).Add(ChaosSetReconciler.NewController(informers)).Add(ChaosReconciler.NewController(informers));

    /// <summary>What the whole operator must be allowed to do, as its parts say.</summary>
    public static IReadOnlyList<RbacRule> Rules
    {
        get
        {
            // Nothing is asked of a server for that.
            var informers = new InformerSet(new Client(Transport.None));
            var host = AddTo(new ControllerHost(informers), informers).Add(Certificates(informers, ["none"]).Controller);
            return [.. host.Rules];
        }
    }

    /// <summary>Each manifest by its file's name.</summary>
    public static IReadOnlyDictionary<string, string> Manifests => new Dictionary<string, string>
    {
        ["chaoscrons.yaml"] = Definitions.Manifest(ChaosCronVersions.All, InCluster), ["chaossets.yaml"] = Definitions.Manifest(ChaosSet.Info), ["chaoses.yaml"] = Definitions.Manifest(Samples.Chaos.Kinds.Chaos.Info),
        ["rbac.yaml"] = Rbac.Manifest(Name, Home, Rules), ["webhooks.yaml"] = WebhookConfigurations.Manifest(Webhooks(), Name, InCluster),
    };
}
