using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Resource.V1;

/// <summary>Pool, place and counters of slices (upstream: apis/resource/validation, ValidateResourceSlice).</summary>
public sealed partial class ResourceSliceRules
{
    private const int DevicesMax = 128;
    private const int SpecialDevicesMax = 64;
    private const int CounterSetsMax = 8;
    private const int CountersMax = 32;
    private const string EitherSetOrTrue = "must be either unset or set to true";
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(ResourceSlice obj, FieldErrors errors) => Whole(obj.Spec, null, errors);
    public override void ValidateUpdate(ResourceSlice obj, ResourceSlice old, string subresource, FieldErrors errors) => Whole(obj.Spec, old.Spec, errors);

    private static void Whole(ResourceSliceSpec spec, ResourceSliceSpec? old, FieldErrors errors)
    {
        DeviceChecks.Driver(spec.Driver, SpecPath / "driver", errors);
        Pool(spec.Pool, SpecPath / "pool", errors);
        if (old is not null) Same(spec, old, errors);
        Place(spec, errors);
        if (spec.SharedCounters is { Count: > 0 } && spec.Devices is { Count: > 0 })
            errors.Invalid(SpecPath, "", "only one of `sharedCounters` or `devices` is allowed");
        Devices(spec, old, SpecPath / "devices", errors);
        Counters(spec.SharedCounters ?? [], SpecPath / "sharedCounters", errors);
    }

    private static void Pool(ResourcePool pool, FieldPath path, FieldErrors errors)
    {
        DeviceChecks.Pool(pool.Name, path / "name", errors);
        if (pool.ResourceSliceCount <= 0) errors.Invalid(path / "resourceSliceCount", pool.ResourceSliceCount, Checks.Positive);
        if (pool.Generation < 0) errors.Invalid(path / "generation", pool.Generation, "must be greater than or equal to zero");
    }

    private static void Same(ResourceSliceSpec spec, ResourceSliceSpec old, FieldErrors errors)
    {
        if (spec.Pool.Name != old.Pool.Name) errors.Invalid(SpecPath / "pool" / "name", spec.Pool.Name, Checks.Immutable);
        if (spec.Driver != old.Driver) errors.Invalid(SpecPath / "driver", spec.Driver, Checks.Immutable);
        if (spec.NodeName != old.NodeName) errors.Invalid(SpecPath / "nodeName", spec.NodeName, Checks.Immutable);
    }

    private static void Place(ResourceSliceSpec spec, FieldErrors errors)
    {
        var said = new List<string>();
        NodeName(spec.NodeName, "must be either unset or set to a non-empty string", said, SpecPath, errors);
        if (spec.NodeSelector is { } selector)
        {
            said.Add("`nodeSelector`");
            PodSpecValidation.NodeSelector(errors, selector, SpecPath / "nodeSelector");
            if (selector.NodeSelectorTerms is not { Count: 1 }) errors.Invalid(SpecPath / "nodeSelector" / "nodeSelectorTerms", Terms(selector), "must have exactly one node selector term");
        }
        Flag(spec.AllNodes, "allNodes", said, SpecPath, errors);
        Flag(spec.PerDeviceNodeSelection, "perDeviceNodeSelection", said, SpecPath, errors);
        const string one = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
        if (said.Count == 0) errors.Required(SpecPath, one);
        else if (said.Count > 1) errors.Invalid(SpecPath, $"{{{string.Join(", ", said)}}}", one + ", but multiple fields are set");
    }

    private static System.Text.Json.Nodes.JsonArray Terms(NodeSelector selector) => [.. (selector.NodeSelectorTerms ?? []).Select(Checks.Shown)];

    private static void NodeName(string? name, string empty, List<string> said, FieldPath path, FieldErrors errors)
    {
        if (name is null) return;
        if (name.Length == 0)
        {
            errors.Invalid(path / "nodeName", name, empty);
            return;
        }
        said.Add("`nodeName`");
        errors.Subdomain(path / "nodeName", name);
    }

    private static void Flag(bool? flag, string field, List<string> said, FieldPath path, FieldErrors errors)
    {
        if (flag == true) said.Add($"`{field}`");
        else if (flag == false) errors.Invalid(path / field, false, EitherSetOrTrue);
    }

    private static void Counters(List<CounterSet> sets, FieldPath path, FieldErrors errors)
    {
        if (!DeviceChecks.Fits(sets.Count, CounterSetsMax, path, errors)) return;
        for (var i = 0; i < sets.Count; i++)
        {
            if (sets[i].Name.Length == 0) errors.Required(path[i] / "name");
            else errors.Label(path[i] / "name", sets[i].Name);
            Counters(sets[i].Counters, path[i] / "counters", errors);
        }
        DeviceChecks.Distinct([.. sets.Select(s => s.Name)], path, errors);
    }

    private static void Counters(Dictionary<string, Counter>? counters, FieldPath path, FieldErrors errors)
    {
        if (counters is not { Count: > 0 })
        {
            errors.Required(path);
            return;
        }
        if (!DeviceChecks.Fits(counters.Count, CountersMax, path, errors)) return;
        foreach (var (name, _) in counters) errors.Label(path.Key(name), name);
    }
}
