using System.Globalization;

namespace Coracle.Node.Cgroups;

/// <summary>What a cgroup (with all below it) uses, at one moment.</summary>
public sealed record CgroupUsage
{
    /// <summary>Processor time since it was made.</summary>
    public required TimeSpan Cpu { get; init; }

    /// <summary>Periods with a quota, those in which it ran out, and how long it was held back for that.</summary>
    public long CpuPeriods { get; init; }
    public long CpuPeriodsThrottled { get; init; }
    public TimeSpan CpuThrottled { get; init; }

    /// <summary>Bytes in memory, with the page cache.</summary>
    public required long Memory { get; init; }

    /// <summary>Of these, what is not cache that is easily given back: what the kubelet calls the working set, and evicts by.</summary>
    public required long MemoryWorkingSet { get; init; }

    /// <summary>Anonymous memory, in bytes.</summary>
    public long MemoryRss { get; init; }

    /// <summary>Bytes; null is without limit.</summary>
    public long? MemoryLimit { get; init; }

    public long PageFaults { get; init; }
    public long MajorPageFaults { get; init; }

    /// <summary>How many processes the kernel killed here for want of memory.</summary>
    public long OomKills { get; init; }

    /// <summary>Processes and threads.</summary>
    public long Pids { get; init; }

    /// <summary>Null when there is no such cgroup.</summary>
    public static CgroupUsage? Read(CgroupHierarchy hierarchy, string cgroup)
    {
        if (!hierarchy.Exists(cgroup))
            return null;
        return hierarchy.Version == CgroupVersion.V1 ? ReadV1(hierarchy, cgroup) : ReadV2(hierarchy.Directory("", cgroup)!);
    }

    private static CgroupUsage ReadV1(CgroupHierarchy hierarchy, string cgroup)
    {
        var cpuStat = Pairs(hierarchy.Directory("cpu", cgroup), "cpu.stat");
        var memoryStat = Pairs(hierarchy.Directory("memory", cgroup), "memory.stat");
        var memory = Number(hierarchy.Directory("memory", cgroup), "memory.usage_in_bytes") ?? 0;
        return new CgroupUsage
        {
            Cpu = Nanoseconds(Number(hierarchy.Directory("cpuacct", cgroup), "cpuacct.usage") ?? 0),
            CpuPeriods = cpuStat.GetValueOrDefault("nr_periods"),
            CpuPeriodsThrottled = cpuStat.GetValueOrDefault("nr_throttled"),
            CpuThrottled = Nanoseconds(cpuStat.GetValueOrDefault("throttled_time")),
            Memory = memory,
            MemoryWorkingSet = Math.Max(0, memory - memoryStat.GetValueOrDefault("total_inactive_file")),
            MemoryRss = memoryStat.GetValueOrDefault("total_rss"),
            MemoryLimit = Limit(memoryStat.GetValueOrDefault("hierarchical_memory_limit")),
            PageFaults = memoryStat.GetValueOrDefault("total_pgfault"),
            MajorPageFaults = memoryStat.GetValueOrDefault("total_pgmajfault"),
            OomKills = Pairs(hierarchy.Directory("memory", cgroup), "memory.oom_control").GetValueOrDefault("oom_kill"),
            Pids = Number(hierarchy.Directory("pids", cgroup), "pids.current") ?? 0,
        };
    }

    private static CgroupUsage ReadV2(string directory)
    {
        var cpuStat = Pairs(directory, "cpu.stat");
        var memoryStat = Pairs(directory, "memory.stat");
        var memory = Number(directory, "memory.current") ?? 0;
        return new CgroupUsage
        {
            Cpu = TimeSpan.FromMicroseconds(cpuStat.GetValueOrDefault("usage_usec")),
            CpuPeriods = cpuStat.GetValueOrDefault("nr_periods"),
            CpuPeriodsThrottled = cpuStat.GetValueOrDefault("nr_throttled"),
            CpuThrottled = TimeSpan.FromMicroseconds(cpuStat.GetValueOrDefault("throttled_usec")),
            Memory = memory,
            MemoryWorkingSet = Math.Max(0, memory - memoryStat.GetValueOrDefault("inactive_file")),
            MemoryRss = memoryStat.GetValueOrDefault("anon"),
            MemoryLimit = Number(directory, "memory.max"),
            PageFaults = memoryStat.GetValueOrDefault("pgfault"),
            MajorPageFaults = memoryStat.GetValueOrDefault("pgmajfault"),
            OomKills = Pairs(directory, "memory.events").GetValueOrDefault("oom_kill"),
            Pids = Number(directory, "pids.current") ?? 0,
        };
    }

    /// <summary>Version 1 says "no limit" by the largest multiple of a page; anything beyond 4 EB is that.</summary>
    private static long? Limit(long bytes) => bytes is > 0 and < 1L << 62 ? bytes : null;

    private static TimeSpan Nanoseconds(long value) => TimeSpan.FromTicks(value / TimeSpan.NanosecondsPerTick);

    /// <summary>Null when there is no such file, or it says "max".</summary>
    private static long? Number(string? directory, string file) =>
        directory is not null && CgroupHierarchy.ReadLines(Path.Combine(directory, file)) is [var line, ..]
        && long.TryParse(line, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static Dictionary<string, long> Pairs(string? directory, string file)
    {
        var pairs = new Dictionary<string, long>();
        foreach (var line in directory is null ? [] : CgroupHierarchy.ReadLines(Path.Combine(directory, file)))
        {
            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            if (blank > 0 && ulong.TryParse(line.AsSpan(blank + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                pairs[line[..blank]] = value > long.MaxValue ? long.MaxValue : (long)value;
        }
        return pairs;
    }
}
