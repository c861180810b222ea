using System.Globalization;

namespace Coracle.Node.Cgroups;

/// <summary>What a cgroup may use, in the terms of the CRI and version 1; written as version 2 has it where that is mounted. Null leaves as it is.</summary>
public sealed record CgroupLimits
{
    /// <summary>Its weight against its siblings, 2..262144; 1024 for a whole processor.</summary>
    public long? CpuShares { get; init; }

    /// <summary>Microseconds of processor time in each period; -1 is without limit.</summary>
    public long? CpuQuota { get; init; }

    /// <summary>Microseconds; the kernel's is 100000.</summary>
    public long? CpuPeriod { get; init; }

    /// <summary>Bytes; -1 is without limit.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Bytes that stay out of the reach of reclaim (version 2 only).</summary>
    public long? MemoryMin { get; init; }

    /// <summary>Processes and threads; -1 is without limit.</summary>
    public long? Pids { get; init; }

    /// <summary>Bytes by page size, such as 2MB.</summary>
    public IReadOnlyDictionary<string, long> HugePages { get; init; } = new Dictionary<string, long>();

    /// <summary>IOException when the kernel refuses a value (such as a memory limit below what is in use).</summary>
    internal void Apply(CgroupHierarchy hierarchy, string cgroup)
    {
        foreach (var (controller, file, value) in hierarchy.Version == CgroupVersion.V1 ? V1() : V2())
        {
            if (hierarchy.Directory(controller, cgroup) is not { } directory)
                continue;
            var path = Path.Combine(directory, file);
            if (File.Exists(path)) // not every kernel has every controller, and a huge page size only where there are such pages
                File.WriteAllText(path, value);
        }
    }

    internal IEnumerable<(string Controller, string File, string Value)> V1()
    {
        if (CpuShares is { } shares)
            yield return ("cpu", "cpu.shares", Text(shares));
        if (CpuPeriod is { } period)
            yield return ("cpu", "cpu.cfs_period_us", Text(period));
        if (CpuQuota is { } quota)
            yield return ("cpu", "cpu.cfs_quota_us", Text(quota));
        if (MemoryLimit is { } memory)
            yield return ("memory", "memory.limit_in_bytes", Text(memory));
        if (Pids is { } pids)
            yield return ("pids", "pids.max", OrMax(pids));
        foreach (var (size, bytes) in HugePages)
            yield return ("hugetlb", $"hugetlb.{size}.limit_in_bytes", Text(bytes));
    }

    internal IEnumerable<(string Controller, string File, string Value)> V2()
    {
        if (CpuShares is { } shares)
            yield return ("cpu", "cpu.weight", Text(Weight(shares)));
        if (CpuQuota is { } quota)
            yield return ("cpu", "cpu.max", $"{OrMax(quota)} {Text(CpuPeriod ?? 100_000)}");
        if (MemoryLimit is { } memory)
            yield return ("memory", "memory.max", OrMax(memory));
        if (MemoryMin is { } kept)
            yield return ("memory", "memory.min", Text(kept));
        if (Pids is { } pids)
            yield return ("pids", "pids.max", OrMax(pids));
        foreach (var (size, bytes) in HugePages)
            yield return ("hugetlb", $"hugetlb.{size}.max", Text(bytes));
    }

    /// <summary>Shares 2..262144 as a weight 1..10000 (KEP-2254).</summary>
    internal static long Weight(long shares) => 1 + ((Math.Clamp(shares, 2, 262_144) - 2) * 9999 / 262_142);

    private static string OrMax(long value) => value < 0 ? "max" : Text(value);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
