using Coracle.Node.Cgroups;
using Coracle.Node.Containerd;

namespace Coracle.Node.Tests.Cgroups;

public sealed class CgroupTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coracle-cgroups-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static MountPoint[] Table(params string[] lines) => [.. lines.Select(line => MountTable.Parse(line)!)];

    [Fact]
    public void Version_1_has_a_tree_for_each_group_of_controllers()
    {
        var cgroups = CgroupHierarchy.Detect(Table(
            "31 30 0:27 / /sys/fs/cgroup/systemd rw,relatime shared:9 - cgroup cgroup rw,xattr,name=systemd",
            "32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:10 - cgroup cgroup rw,cpu,cpuacct",
            "33 30 0:29 / /sys/fs/cgroup/memory rw,relatime shared:11 - cgroup cgroup rw,memory",
            "34 30 0:30 / /sys/fs/cgroup/unified rw,relatime shared:12 - cgroup2 cgroup2 rw"));

        Assert.Equal(CgroupVersion.V1, cgroups.Version);
        Assert.Equal(["cpu", "cpuacct", "memory"], cgroups.Controllers.Order());
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct/kubepods/podx", cgroups.Directory("cpuacct", "/kubepods/podx"));
        Assert.Null(cgroups.Directory("pids", "/kubepods"));
        Assert.Equal(4, cgroups.Directories("/x").Count()); // to be cleaned: runtimes use the other two as well
    }

    [Fact]
    public void Version_2_has_one_tree()
    {
        var cgroups = CgroupHierarchy.Detect(Table("31 30 0:27 / /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate"));
        Assert.Equal(CgroupVersion.V2, cgroups.Version);
        Assert.Equal("/sys/fs/cgroup/kubepods", cgroups.Directory("memory", "/kubepods"));
    }

    [Fact]
    public void Pods_are_placed_as_a_kubelet_places_them()
    {
        var pods = new PodCgroups(CgroupHierarchy.Unified(_directory), "/coracle-x");
        Assert.Equal("/coracle-x/kubepods/podu", pods.Pod(QosClass.Guaranteed, "u"));
        Assert.Equal("/coracle-x/kubepods/burstable/podu", pods.Pod(QosClass.Burstable, "u"));
        Assert.Equal("/coracle-x/kubepods/besteffort/podu", pods.Pod(QosClass.BestEffort, "u"));
    }

    [Fact]
    public void Limits_are_said_in_the_words_of_each_version()
    {
        var limits = new CgroupLimits
        {
            CpuShares = 1024, CpuQuota = 50_000, CpuPeriod = 100_000, MemoryLimit = 1 << 20, Pids = -1,
            HugePages = new Dictionary<string, long> { ["2MB"] = 4 << 20 },
        };
        Assert.Equal(
            ["cpu.shares=1024", "cpu.cfs_period_us=100000", "cpu.cfs_quota_us=50000", "memory.limit_in_bytes=1048576", "pids.max=max", "hugetlb.2MB.limit_in_bytes=4194304"],
            limits.V1().Select(l => $"{l.File}={l.Value}"));
        Assert.Equal(
            ["cpu.weight=39", "cpu.max=50000 100000", "memory.max=1048576", "pids.max=max", "hugetlb.2MB.max=4194304"],
            limits.V2().Select(l => $"{l.File}={l.Value}"));
        Assert.Equal(["cpu.max=max 100000", "memory.max=max"], new CgroupLimits { CpuQuota = -1, MemoryLimit = -1 }.V2().Select(l => $"{l.File}={l.Value}"));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1024, 39)]
    [InlineData(262_144, 10_000)]
    [InlineData(0, 1)]
    public void Shares_become_a_weight(long shares, long weight) => Assert.Equal(weight, CgroupLimits.Weight(shares));

    [Fact]
    public void Version_2_passes_its_controllers_down_to_the_pod()
    {
        File.WriteAllText(Path.Combine(_directory, "cgroup.controllers"), "cpu\n");
        File.WriteAllText(Path.Combine(_directory, "cgroup.subtree_control"), "");
        var pods = new PodCgroups(CgroupHierarchy.Unified(_directory), "");
        pods.Apply(QosClass.Burstable, "u", new CgroupLimits());
        Assert.True(Directory.Exists(Path.Combine(_directory, "kubepods/burstable/podu")));
        Assert.Equal("+cpu", File.ReadAllText(Path.Combine(_directory, "cgroup.subtree_control")));
        Assert.Equal([(QosClass.Burstable, "u")], pods.List());
    }

    [Fact]
    public void Usage_of_version_2_is_read_from_its_files()
    {
        var pods = new PodCgroups(CgroupHierarchy.Unified(_directory), "");
        Assert.Null(pods.Usage(QosClass.Guaranteed, "u"));
        var pod = Directory.CreateDirectory(Path.Combine(_directory, "kubepods/podu")).FullName;
        void File_(string name, string text) => File.WriteAllText(Path.Combine(pod, name), text);
        File_("cpu.stat", "usage_usec 2500000\nuser_usec 1\nnr_periods 10\nnr_throttled 3\nthrottled_usec 40\n");
        File_("memory.current", "1000\n");
        File_("memory.max", "max\n");
        File_("memory.stat", "anon 600\nfile 400\ninactive_file 300\npgfault 7\npgmajfault 1\n");
        File_("memory.events", "low 0\noom 2\noom_kill 1\n");
        File_("pids.current", "5\n");
        Assert.Equal(new CgroupUsage
        {
            Cpu = TimeSpan.FromSeconds(2.5), CpuPeriods = 10, CpuPeriodsThrottled = 3, CpuThrottled = TimeSpan.FromMicroseconds(40),
            Memory = 1000, MemoryWorkingSet = 700, MemoryRss = 600, MemoryLimit = null, PageFaults = 7, MajorPageFaults = 1, OomKills = 1, Pids = 5,
        }, pods.Usage(QosClass.Guaranteed, "u"));
    }

    [Fact]
    [Trait("Category", "root")]
    public async Task A_real_cgroup_is_made_with_its_limits_and_removed_with_its_processes()
    {
        Assert.SkipUnless(Environment.UserName == "root", "cgroups need root");
        var cgroups = CgroupHierarchy.Detect();
        Assert.SkipUnless(cgroups.Directory("memory", "") is { } memory && Directory.Exists(memory), "no memory cgroups on this machine");
        var pods = new PodCgroups(cgroups, $"/coracle-test-{Environment.ProcessId}");
        pods.ApplyToClass(QosClass.Guaranteed, new CgroupLimits { MemoryLimit = 512 << 20 });
        var cgroup = pods.Apply(QosClass.Burstable, "u", new CgroupLimits { CpuShares = 100, CpuQuota = 20_000, CpuPeriod = 100_000, MemoryLimit = 64 << 20, Pids = 50 });
        using var process = System.Diagnostics.Process.Start("/bin/sleep", "1000");
        foreach (var controller in new[] { "memory", "cpuset", "pids", "cpu" })
        {
            if (cgroups.Directory(controller, cgroup) is { } directory)
                File.WriteAllText(Path.Combine(directory, "cgroup.procs"), $"{process.Id}");
        }
        Assert.Contains(process.Id, cgroups.Processes(pods.Pods));
        Assert.Equal(64 << 20, pods.Usage(QosClass.Burstable, "u")!.MemoryLimit);

        await pods.Remove("u", TimeProvider.System, TestContext.Current.CancellationToken);

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(cgroups.Exists(cgroup));
        await cgroups.Remove($"/coracle-test-{Environment.ProcessId}", TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.False(cgroups.Exists(pods.Pods));
    }
}
