using System.Text.RegularExpressions;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Resource.V1;

/// <summary>Devices of slices (upstream: apis/resource/validation, validateDevice).</summary>
public sealed partial class ResourceSliceRules
{
    private const int AttributesMax = 32;
    private const int ValueMax = 64;
    private const int TaintsMax = 16;
    private const int ConsumptionsMax = 2;
    private const int ValuesMax = 10;

    [GeneratedRegex(@"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?\z", RegexOptions.ECMAScript)]
    private static partial Regex Semver { get; }

    private static void Devices(ResourceSliceSpec spec, ResourceSliceSpec? old, FieldPath path, FieldErrors errors)
    {
        var devices = spec.Devices ?? [];
        var special = devices.Exists(d => d.Taints is { Count: > 0 } || d.ConsumesCounters is { Count: > 0 });
        if (!DeviceChecks.Fits(devices.Count, special ? SpecialDevicesMax : DevicesMax, path, errors)) return;
        for (var i = 0; i < devices.Count; i++)
            Device(devices[i], old?.Devices?.Find(d => d.Name == devices[i].Name), spec.PerDeviceNodeSelection == true, path[i], errors);
        DeviceChecks.Distinct([.. devices.Select(d => d.Name)], path, errors);
    }

    private static void Device(Device device, Device? old, bool saysWhere, FieldPath path, FieldErrors errors)
    {
        errors.Label(path / "name", device.Name);
        var known = (device.Attributes?.Count ?? 0) + (device.Capacity?.Count ?? 0);
        if (known > AttributesMax) errors.Invalid(path, known, $"the total number of attributes and capacities must not exceed {AttributesMax}");
        foreach (var (name, attribute) in device.Attributes ?? []) Attribute(name, attribute, (path / "attributes").Key(name), errors);
        foreach (var (name, capacity) in device.Capacity ?? [])
        {
            var place = (path / "capacity").Key(name);
            DeviceChecks.QualifiedName(name, place, errors);
            if (capacity.RequestPolicy is not { } policy) continue;
            if (device.AllowMultipleAllocations == true) Policy(capacity.Value, policy, place / "requestPolicy", errors);
            else errors.Forbidden(place / "requestPolicy", "allowMultipleAllocations must be true");
        }
        if (old is null || !SameTaints(device.Taints, old.Taints)) Taints(device.Taints, path / "taints", errors);
        Consumptions(device.ConsumesCounters ?? [], path / "consumesCounters", errors);
        Where(device, saysWhere, path, errors);
        DeviceChecks.Binding(device.BindingConditions, device.BindingFailureConditions, path, errors);
    }

    private static void Attribute(string name, DeviceAttribute attribute, FieldPath path, FieldErrors errors)
    {
        DeviceChecks.QualifiedName(name, path, errors);
        if (attribute.StringValue is { Length: > ValueMax }) errors.TooLong(path / "string", ValueMax);
        if (attribute.VersionValue is { } version)
        {
            if (!Semver.IsMatch(version)) errors.Invalid(path / "version", version, "must be a string compatible with semver.org spec 2.0.0");
            if (version.Length > ValueMax) errors.TooLong(path / "version", ValueMax);
        }
        bool[] values =
        [
            attribute.BoolValue is not null, attribute.IntValue is not null, attribute.StringValue is not null, attribute.VersionValue is not null,
            attribute.BoolValues is { Count: > 0 }, attribute.IntValues is { Count: > 0 }, attribute.StringValues is { Count: > 0 }, attribute.VersionValues is { Count: > 0 },
        ];
        var count = values.Count(set => set);
        if (count != 1) errors.Invalid(path, count == 0 ? "" : Checks.Shown(attribute), "exactly one value must be specified");
    }

    private static bool SameTaints(List<DeviceTaint>? a, List<DeviceTaint>? b) =>
        (a?.Count ?? 0) == (b?.Count ?? 0) && (a ?? []).Zip(b ?? []).All(pair => pair.First.ContentEquals(pair.Second));

    private static void Taints(List<DeviceTaint>? taints, FieldPath path, FieldErrors errors)
    {
        if (!DeviceChecks.Fits(taints?.Count, TaintsMax, path, errors)) return;
        for (var i = 0; i < (taints?.Count ?? 0); i++)
        {
            errors.QualifiedName(path[i] / "key", taints![i].Key);
            errors.Problems(path[i] / "value", taints[i].Value, NameRules.LabelValue(taints[i].Value));
            if (taints[i].Effect.Length == 0) errors.Required(path[i] / "effect");
            else DeviceChecks.Effect(taints[i].Effect, path[i] / "effect", errors);
        }
    }

    private static void Consumptions(List<DeviceCounterConsumption> consumptions, FieldPath path, FieldErrors errors)
    {
        if (!DeviceChecks.Fits(consumptions.Count, ConsumptionsMax, path, errors)) return;
        for (var i = 0; i < consumptions.Count; i++)
        {
            if (consumptions[i].CounterSet.Length == 0) errors.Required(path[i] / "counterSet");
            else errors.Label(path[i] / "counterSet", consumptions[i].CounterSet);
            Counters(consumptions[i].Counters, path[i] / "counters", errors);
        }
        DeviceChecks.Distinct([.. consumptions.Select(c => c.CounterSet)], path, errors);
    }

    private static void Where(Device device, bool saysWhere, FieldPath path, FieldErrors errors)
    {
        if (!saysWhere)
        {
            if (device.NodeName is not null || device.NodeSelector is not null || device.AllNodes is not null)
                errors.Invalid(path, null, "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec");
            return;
        }
        var said = new List<string>();
        NodeName(device.NodeName, "must not be empty", said, path, errors);
        if (device.NodeSelector is { } selector)
        {
            said.Add("`nodeSelector`");
            PodSpecValidation.NodeSelector(errors, selector, path / "nodeSelector");
        }
        Flag(device.AllNodes, "allNodes", said, path, errors);
        const string one = "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
        if (said.Count == 0) errors.Required(path, one);
        else if (said.Count > 1) errors.Invalid(path, $"{{{string.Join(", ", said)}}}", one);
    }

    private static void Policy(Quantity capacity, CapacityRequestPolicy policy, FieldPath path, FieldErrors errors)
    {
        if (policy is { ValidValues.Count: > 0, ValidRange: not null })
            errors.Forbidden(path, "exactly one policy can be specified, cannot specify \"validValues\" and \"validRange\" at the same time");
        else if (policy.ValidValues is { Count: > 0 } values)
        {
            if (policy.Default is { } standard) Values(standard, capacity, values, path / "validValues", errors);
            else errors.Required(path / "default", "required when validValues is defined");
        }
        else if (policy.ValidRange is { } range)
        {
            if (policy.Default is { } standard) Range(standard, capacity, range, path / "validRange", errors);
            else errors.Required(path / "default", "required when validRange is defined");
        }
    }

    private static void Values(Quantity standard, Quantity capacity, List<Quantity> values, FieldPath path, FieldErrors errors)
    {
        for (var i = 1; i < values.Count; i++)
            if (values[i - 1] > values[i]) errors.Invalid(path[i], values[i], "values must be sorted in ascending order");
        if (DeviceChecks.Fits(values.Count, ValuesMax, path, errors))
        {
            for (var i = 0; i < values.Count; i++)
                if (values[i] > capacity) errors.Invalid(path[i], values[i], $"option is larger than capacity value: {capacity}");
            for (var i = 0; i < values.Count; i++)
                if (values.FindIndex(v => v.Value == values[i].Value) < i) errors.Duplicate(path[i], values[i].Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        if (!values.Exists(v => v.CompareTo(standard) == 0)) errors.Invalid(path, standard, "default value is not valid according to the requestPolicy");
    }

    private static void Range(Quantity standard, Quantity capacity, CapacityRequestPolicyRange range, FieldPath path, FieldErrors errors)
    {
        if (range.Min is not { } min)
        {
            errors.Required(path / "min", "required when validRange is defined");
            return;
        }
        if (min > capacity) errors.Invalid(path / "min", min, $"min is larger than capacity value: {capacity}");
        if (standard < min) errors.Invalid(path / "min", standard, $"default is less than min: {min}");
        if (range.Max is { } max)
        {
            if (min > max) errors.Invalid(path / "max", min, $"min is larger than max: {max}");
            if (max > capacity) errors.Invalid(path / "max", max, $"max is larger than capacity value: {capacity}");
            if (standard > max) errors.Invalid(path / "max", standard, $"default is more than max: {max}");
        }
        if (range.Step is not { } step) return;
        if (min + step > capacity) errors.Invalid(path / "step", step, $"one step {min + step} is larger than capacity value: {capacity}");
        Step(standard, min, step, path / "step", errors);
        if (range.Max is { } last) Step(last, min, step, path / "step", errors);
    }

    private static void Step(Quantity value, Quantity min, Quantity step, FieldPath path, FieldErrors errors)
    {
        if (step.Value != 0 && (value.Value - min.Value) % step.Value != 0) errors.Invalid(path, value, $"value is not a multiple of a given step ({step}) from ({min})");
    }
}
