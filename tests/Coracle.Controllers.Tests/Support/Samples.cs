using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Tests.Support;

/// <summary>Objects that tests begin with.</summary>
public static class Samples
{
    public static PodTemplateSpec Template(string app = "web", string image = "web:1") => new()
    {
        Metadata = new() { Labels = new() { ["app"] = app }, Finalizers = ["tests.coracle/node"] },
        Spec = new() { Containers = [new() { Name = "main", Image = image }] },
    };

    public static ReplicaSet ReplicaSet(string name, int replicas) => new()
    {
        Metadata = new() { Name = name, Namespace = "default" },
        Spec = new() { Replicas = replicas, Selector = new() { MatchLabels = new() { ["app"] = name } }, Template = Template(name) },
    };

    public static Deployment Deployment(string name, int replicas, IntOrString? surge = null, IntOrString? unavailable = null) => new()
    {
        Metadata = new() { Name = name, Namespace = "default" },
        Spec = new()
        {
            Replicas = replicas, Selector = new() { MatchLabels = new() { ["app"] = name } }, Template = Template(name, name + ":1"),
            Strategy = new() { Type = "RollingUpdate", RollingUpdate = new() { MaxSurge = surge ?? "25%", MaxUnavailable = unavailable ?? "25%" } },
        },
    };

    public static Pod Pod(string name, params (string Key, string Value)[] labels) => new()
    {
        Metadata = new() { Name = name, Namespace = "default", Labels = labels.ToDictionary(l => l.Key, l => l.Value) },
        Spec = Template().Spec,
    };
}
