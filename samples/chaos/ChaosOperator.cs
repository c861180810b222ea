using Coracle.Kinds.Apiextensions.V1;
using Coracle.Samples.Chaos.Kinds;
using Coracle.Samples.Chaos.Reconcilers;
using Coracle.Sdk;

namespace Coracle.Samples.Chaos;

/// <summary>ChaosCron makes ChaosSets, which make Chaos, which strikes pods: three kinds, and one reconciler for each.</summary>
public static class ChaosOperator
{
    /// <summary>The definitions that the operator needs on the server.</summary>
    public static IReadOnlyList<CustomResourceDefinition> Kinds { get; } = [Definitions.Of<ChaosCron>(), Definitions.Of<ChaosSet>(), Definitions.Of<Kinds.Chaos>()];

    /// <summary>Each manifest by its file's name.</summary>
    public static IReadOnlyDictionary<string, string> Manifests { get; } = new Dictionary<string, string>
    {
        ["chaoscrons.yaml"] = Definitions.Manifest(ChaosCron.Info), ["chaossets.yaml"] = Definitions.Manifest(ChaosSet.Info), ["chaoses.yaml"] = Definitions.Manifest(Samples.Chaos.Kinds.Chaos.Info),
    };

    public static void WriteManifests(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in Manifests) File.WriteAllText(Path.Combine(folder, name), text);
    }

    /// <summary>Adds the reconcilers to a host.</summary>
    public static ControllerHost AddTo(ControllerHost host, InformerSet informers) =>
        host.Add(ChaosCronReconciler.NewController(informers)).Add(ChaosSetReconciler.NewController(informers)).Add(ChaosReconciler.NewController(informers));
}
