using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Scheduling;

/// <summary>Amounts of resources as plain numbers: milli-cores, bytes, and whole units of all others.</summary>
public sealed class Resources
{
    public long MilliCpu { get; set; }
    public long Memory { get; set; }
    public long EphemeralStorage { get; set; }

    /// <summary>Extended resources, huge pages and other scalars; null for none.</summary>
    public Dictionary<string, long>? Scalars { get; private set; }

    /// <summary>Reads a resource list. What is no resource that is scheduled by ("storage") is left out.</summary>
    public static Resources From(Dictionary<string, Quantity>? list)
    {
        var resources = new Resources();
        if (list is null) return resources;
        foreach (var (name, amount) in list) resources.Set(name, amount);
        return resources;
    }

    private void Set(string name, Quantity amount)
    {
        switch (name)
        {
            case ResourceName.Cpu: MilliCpu = amount.MilliValue; break;
            case ResourceName.Memory: Memory = amount.Value; break;
            case ResourceName.EphemeralStorage: EphemeralStorage = amount.Value; break;
            default:
                if (IsScalar(name)) (Scalars ??= new(StringComparer.Ordinal))[name] = amount.Value;
                break;
        }
    }

    // schedutil.IsScalarResourceName: extended, huge pages, in kubernetes.io/, or attachable volumes.
    private static bool IsScalar(string name) =>
        name.Contains('/', StringComparison.Ordinal) || name.StartsWith("hugepages-", StringComparison.Ordinal) || name.StartsWith("attachable-volumes-", StringComparison.Ordinal);

    public long Scalar(string name) => Scalars is not null && Scalars.TryGetValue(name, out var amount) ? amount : 0;

    public Resources Copy() => new()
    {
        MilliCpu = MilliCpu, Memory = Memory, EphemeralStorage = EphemeralStorage, Scalars = Scalars is null ? null : new(Scalars, StringComparer.Ordinal),
    };

    public void Add(Resources other, int sign = 1)
    {
        MilliCpu += sign * other.MilliCpu;
        Memory += sign * other.Memory;
        EphemeralStorage += sign * other.EphemeralStorage;
        if (other.Scalars is null) return;
        Scalars ??= new(StringComparer.Ordinal);
        foreach (var (name, amount) in other.Scalars) Scalars[name] = Scalar(name) + sign * amount;
    }

    /// <summary>The greater of each amount.</summary>
    public void Raise(Resources other)
    {
        MilliCpu = Math.Max(MilliCpu, other.MilliCpu);
        Memory = Math.Max(Memory, other.Memory);
        EphemeralStorage = Math.Max(EphemeralStorage, other.EphemeralStorage);
        if (other.Scalars is null) return;
        Scalars ??= new(StringComparer.Ordinal);
        foreach (var (name, amount) in other.Scalars) Scalars[name] = Math.Max(Scalar(name), amount);
    }

    /// <summary>Takes the amounts of a list where it has them, leaving the others.</summary>
    public void Override(Dictionary<string, Quantity> list)
    {
        foreach (var (name, amount) in list)
            if (name is ResourceName.Cpu or ResourceName.Memory || name.StartsWith("hugepages-", StringComparison.Ordinal)) Set(name, amount);
    }
}
