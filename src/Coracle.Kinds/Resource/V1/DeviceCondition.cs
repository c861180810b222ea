using Coracle.Schema.Cel;

namespace Coracle.Kinds.Resource.V1;

/// <summary>A condition on devices, ready to be asked.</summary>
public sealed class DeviceCondition
{
    private const long CostMax = 1_000_000;
    private readonly CelProgram? _program;
    private readonly string _problem;

    private DeviceCondition(CelProgram? program, string problem) => (_program, _problem) = (program, problem);

    public static DeviceCondition Of(string expression) => DeviceExpression.Compile(expression) is var compiled && compiled.Program is { } program ? new(program, "") : new(null, compiled.FailureText);

    /// <summary>Whether it holds for the device of a driver; null and what went wrong where that cannot be said.</summary>
    public bool? Holds(string driver, Device device, out string problem)
    {
        problem = _problem;
        if (_program is null) return null;
        var result = _program.Evaluate(new CelActivation().Set("device", DeviceFields.Of(driver, device)), CostMax);
        if (result.IsError) problem = result.Error!;
        return result.IsError ? null : result.IsTrue;
    }
}

/// <summary>A device as conditions see it: what it says of itself, by domain and name. What says no domain is the driver's own.</summary>
internal static class DeviceFields
{
    public static CelValue Of(string driver, Device device)
    {
        var attributes = new Dictionary<string, Dictionary<string, CelValue>>(StringComparer.Ordinal);
        foreach (var (name, attribute) in device.Attributes ?? [])
            if (Value(attribute) is { } value) Put(attributes, driver, name, value);
        var capacity = new Dictionary<string, Dictionary<string, CelValue>>(StringComparer.Ordinal);
        foreach (var (name, amount) in device.Capacity ?? []) Put(capacity, driver, name, CelValue.Of(amount.Value));
        return CelValue.Map(new Fields(new(StringComparer.Ordinal)
        {
            ["driver"] = CelValue.String(driver), ["attributes"] = Domains(attributes), ["capacity"] = Domains(capacity),
            ["allowMultipleAllocations"] = CelValue.Bool(device.AllowMultipleAllocations == true),
        }));
    }

    /// <summary>What an attribute or capacity is called with its domain.</summary>
    public static (string Domain, string Name) Qualified(string driver, string name) =>
        name.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? (name[..slash], name[(slash + 1)..]) : (driver, name);

    private static void Put(Dictionary<string, Dictionary<string, CelValue>> all, string driver, string name, CelValue value)
    {
        var (domain, id) = Qualified(driver, name);
        if (!all.TryGetValue(domain, out var known)) all[domain] = known = new(StringComparer.Ordinal);
        known[id] = value;
    }

    private static CelValue? Value(DeviceAttribute attribute) => attribute switch
    {
        { IntValue: { } number } => CelValue.Int(number),
        { BoolValue: { } yes } => CelValue.Bool(yes),
        { StringValue: { } text } => CelValue.String(text),
        { VersionValue: { } version } => CelValue.Semver(version),
        _ => null,
    };

    private static CelValue Domains(Dictionary<string, Dictionary<string, CelValue>> all) =>
        CelValue.Map(new Fields(all.ToDictionary(d => d.Key, d => CelValue.Map(new Fields(d.Value)), StringComparer.Ordinal)) { Absent = CelValue.Map(new Fields([])) });

    private sealed class Fields(Dictionary<string, CelValue> values) : CelMap
    {
        /// <summary>Of a domain of which nothing is said there is an empty map, so that a condition may ask for any.</summary>
        public CelValue? Absent { get; init; }

        public override int Count => values.Count;
        public override IEnumerable<KeyValuePair<CelValue, CelValue>> Entries() => values.Select(v => KeyValuePair.Create(CelValue.String(v.Key), v.Value));

        public override bool TryGet(CelValue key, out CelValue value)
        {
            if (key.Kind == CelKind.String) return TryGetField(key.AsString, out value);
            value = default;
            return false;
        }

        public override bool TryGetField(string name, out CelValue value)
        {
            if (values.TryGetValue(name, out value)) return true;
            value = Absent ?? default;
            return Absent is not null;
        }

        public override bool HasField(string name) => values.ContainsKey(name);
    }
}
