using System.Diagnostics;
using System.Net;
using Coracle.Node.Cgroups;
using Coracle.Node.Containerd;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using Coracle.Node.Network;

namespace Coracle.Node.Tests.Containerd;

/// <summary>A containerd with a data directory and network of its own, and an image made of Debian's busybox-static.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    public const string Image = "registry.test/busybox:1";
    private readonly string _directory;

    private TestNode(string directory, ContainerdOptions options) => (_directory, Options) = (directory, options);

    public ContainerdOptions Options { get; }
    public ContainerdInstance Instance { get; private set; } = null!;
    public IContainerRuntime Runtime => Instance.Runtime;
    public string Logs => Path.Combine(_directory, "logs");

    /// <summary>Ends a hanging test; no assertion depends on it.</summary>
    public static CancellationToken Limit => new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token;

    /// <summary>Skips the test where there is nothing to run it with.</summary>
    public static void Require()
    {
        Assert.SkipUnless(Environment.UserName == "root", "containers need root");
        foreach (var tool in new[] { "containerd", "runc", "busybox" })
            Assert.SkipUnless(ContainerdProcess.Locate(tool) is not null, $"no {tool} on this machine");
        Assert.SkipUnless(File.Exists("/usr/lib/cni/bridge"), "no CNI plugins in /usr/lib/cni");
    }

    public static async Task<TestNode> Start(CancellationToken cancel)
    {
        Require();
        var directory = Directory.CreateTempSubdirectory("coracle-node-").FullName;
        var node = new TestNode(directory, new ContainerdOptions { DataDirectory = directory });
        try
        {
            node.Instance = await ContainerdInstance.Start(node.Options, cancel);
            await node.ConfigureNetwork(cancel);
            await node.ImportBusybox(cancel);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the agent does after it was killed: another instance on the same directory.</summary>
    public async Task Restart(CancellationToken cancel)
    {
        await Instance.DisposeAsync();
        Instance = await ContainerdInstance.Start(Options, cancel);
    }

    private async Task ConfigureNetwork(CancellationToken cancel)
    {
        var layout = Instance.Layout;
        var id = Convert.FromHexString(layout.Id);
        await File.WriteAllTextAsync(Path.Combine(layout.CniConfDirectory, "10-test.conflist"), CniConfig.Render(new BridgeOptions
        {
            BridgeName = layout.BridgeName,
            NetworkName = layout.NetworkName,
            Pods = IPNetwork.Parse($"10.{128 + (id[0] % 64)}.{id[1]}.0/24"),
            CniDirectory = layout.CniConfDirectory,
            IpamDirectory = layout.CniStateDirectory,
        }), cancel);
        while (!(await Runtime.Status(false, cancel)).Status.Conditions.All(condition => condition.Status))
            await Task.Delay(10, cancel);
    }

    private async Task ImportBusybox(CancellationToken cancel)
    {
        var archive = Path.Combine(_directory, "busybox.tar");
        await using (var file = File.Create(archive))
            await OciImageWriter.Write(file, Busybox(), cancel);
        Assert.Equal([Image], await Instance.Images.Import(archive, cancel));
    }

    public static OciImage Busybox()
    {
        using var list = Process.Start(new ProcessStartInfo("busybox", "--list") { RedirectStandardOutput = true })!;
        var applets = list.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new OciImage
        {
            Name = Image,
            Architecture = PauseImage.Architecture,
            Command = ["sh"],
            Environment = ["PATH=/bin", "FROM_IMAGE=yes"],
            Layers =
            [
                [
                    ImageFile.Directory("bin"), ImageFile.FromDisk("bin/busybox", ContainerdProcess.Locate("busybox")!, 0b111_101_101),
                    .. applets.Where(name => name != "busybox").Select(name => ImageFile.Link($"bin/{name}", "busybox")),
                ],
                [ImageFile.Directory("tmp", 0b1_111_111_111), ImageFile.Directory("etc"), ImageFile.Of("etc/passwd", "root:x:0:0:root:/:/bin/sh\n"u8.ToArray())],
            ],
        };
    }

    // ---- pods

    public PodSandboxConfig Sandbox(string name)
    {
        var config = new PodSandboxConfig
        {
            Metadata = new PodSandboxMetadata { Name = name, Uid = $"uid-{name}", Namespace = "default" },
            Hostname = name,
            LogDirectory = LogPaths.Pod(Logs, "default", name, $"uid-{name}"),
            Linux = new LinuxPodSandboxConfig
            {
                CgroupParent = new PodCgroups(CgroupHierarchy.Detect(), Instance.Layout.CgroupRoot).Apply(QosClass.Burstable, $"uid-{name}", new CgroupLimits { CpuShares = 100 }),
                SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = new NamespaceOption { Pid = NamespaceMode.Container } },
            },
        };
        Directory.CreateDirectory(Path.Combine(config.LogDirectory, "main"));
        return config;
    }

    public async Task<RunningPod> Run(string name, CancellationToken cancel, string script = "sleep 1000", Action<ContainerConfig>? change = null)
    {
        var sandbox = Sandbox(name);
        var sandboxId = await Runtime.RunPodSandbox(sandbox, "", cancel);
        var container = new ContainerConfig
        {
            Metadata = new ContainerMetadata { Name = "main" },
            Image = new ImageSpec { Image = Image },
            Command = { "sh", "-c", script },
            LogPath = LogPaths.Container("main", 0),
            Linux = new LinuxContainerConfig
            {
                SecurityContext = new LinuxContainerSecurityContext { NamespaceOptions = new NamespaceOption { Pid = NamespaceMode.Container } },
            },
        };
        change?.Invoke(container);
        var containerId = await Runtime.CreateContainer(sandboxId, container, sandbox, cancel);
        await Runtime.StartContainer(containerId, cancel);
        return new RunningPod(sandboxId, containerId, sandbox, Path.Combine(sandbox.LogDirectory, container.LogPath));
    }

    public async Task Remove(RunningPod pod, CancellationToken cancel)
    {
        await Runtime.StopPodSandbox(pod.SandboxId, cancel);
        await Runtime.RemovePodSandbox(pod.SandboxId, cancel);
    }

    public async ValueTask<bool> IsRunning(string containerId, CancellationToken cancel) =>
        (await Runtime.ContainerStatus(containerId, verbose: false, cancel))?.Status.State == ContainerState.ContainerRunning;

    public async ValueTask DisposeAsync()
    {
        if (Instance is not null)
            await Instance.Stop(CancellationToken.None);
        else
            await ContainerdInstance.Stop(Options, CancellationToken.None);
        Directory.Delete(_directory, recursive: true);
    }

    // ---- what is left on the machine

    /// <summary>Everything on this machine that bears this node's mark: processes, mounts, links, cgroups, sockets, notes of CNI.</summary>
    public static IReadOnlyList<string> Traces(ContainerdLayout layout, IEnumerable<string> ids)
    {
        var marks = ids.Append(layout.Id).Append(layout.DataDirectory).ToArray();
        return
        [
            .. ProcessTable.Pids().Where(pid => ProcessTable.Identify(pid) is not null) // a zombie is its parent's
                .Where(pid => Marked(string.Join(' ', ProcessTable.Arguments(pid))) || Marked(ProcessTable.Cgroups(pid)))
                .Select(pid => $"process {pid} {string.Join(' ', ProcessTable.Arguments(pid))}"),
            .. MountTable.Read().Where(mount => Marked(mount.Target)).Select(mount => $"mount {mount.Target}"),
            .. Names("/sys/class/net", "link"), .. Names("/run/netns", "netns"), .. Names("/var/lib/cni/results", "cni"), .. Names("/run/coracle", "run"),
            .. CgroupTrees().Where(Marked).Select(path => $"cgroup {path}"),
            .. Names(layout.Directory, "state").Where(name => name.EndsWith("/state", StringComparison.Ordinal)),
        ];

        bool Marked(string text) => marks.Any(mark => text.Contains(mark, StringComparison.Ordinal));

        IEnumerable<string> Names(string directory, string what) => Directory.Exists(directory)
            ? Directory.EnumerateFileSystemEntries(directory).Where(Marked).Select(path => $"{what} {path}") : [];
    }

    private static IEnumerable<string> CgroupTrees() => Directory.EnumerateDirectories("/sys/fs/cgroup", "*",
        new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 6 });
}

internal sealed record RunningPod(string SandboxId, string ContainerId, PodSandboxConfig Config, string LogPath);
