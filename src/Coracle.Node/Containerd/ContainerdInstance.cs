using System.Diagnostics;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;

namespace Coracle.Node.Containerd;

/// <summary>
/// A containerd of our own, below a data directory. It outlives us: a pod does not care that its agent restarts. A later instance on
/// the same data directory takes over the containerd that still runs, or starts one that takes over the pods that still run.
/// While we live, a containerd that dies is started again.
/// </summary>
public sealed class ContainerdInstance : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastBackOff = TimeSpan.FromSeconds(10);
    private const int log_bytes_max = 8 * 1024 * 1024;

    private readonly ContainerdOptions _options;
    private readonly string _binary;
    private readonly GrpcChannel _channel;
    private readonly CancellationTokenSource _ended = new();
    private readonly CriRuntime _runtime;
    private Task _supervision = Task.CompletedTask;
    private bool _disposed;

    private ContainerdInstance(ContainerdOptions options, ContainerdLayout layout, string binary)
    {
        (_options, Layout, _binary) = (options, layout, binary);
        _channel = new GrpcChannel(layout.SocketPath, options.Time);
        _runtime = new CriRuntime(_channel, new CriRuntimeOptions { Time = options.Time, Log = options.Log });
        Images = new ContainerdImages(_channel, _runtime, Snapshotter(layout), options.Time);
    }

    public ContainerdLayout Layout { get; }

    /// <summary>While containerd is down its calls fail with Unavailable.</summary>
    public IContainerRuntime Runtime => _runtime;

    public ContainerdImages Images { get; }

    /// <summary>How often containerd has died and was started again since <see cref="Start"/>.</summary>
    public int Restarts { get; private set; }

    /// <summary>
    /// 1. Writes the configuration.
    /// 2. Takes over a containerd that runs with it, or starts one.
    /// 3. Waits until it answers, and imports the image of the sandboxes where it is missing.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no containerd on this machine.</exception>
    /// <exception cref="IOException">It does not start, with the end of its log in the message.</exception>
    public static async Task<ContainerdInstance> Start(ContainerdOptions options, CancellationToken cancel)
    {
        var binary = ContainerdProcess.Locate(options.Binary) ?? throw new FileNotFoundException($"no {options.Binary} on this machine", options.Binary);
        var layout = new ContainerdLayout(options.DataDirectory);
        // 1.
        await WriteConfiguration(layout, options, binary, cancel);
        var instance = new ContainerdInstance(options, layout, binary);
        try
        {
            // 2.
            var running = await instance.AdoptOrLaunch(cancel);
            // 3.
            await instance.ImportPauseImage(cancel);
            instance._supervision = instance.Supervise(running);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    /// <summary>Loads an archive's images into the containerd that runs with this data directory, whoever started it.</summary>
    /// <exception cref="GrpcException">It is not there, or refused.</exception>
    public static async Task<IReadOnlyList<string>> Load(string dataDirectory, string archivePath, TimeProvider time, CancellationToken cancel)
    {
        var layout = new ContainerdLayout(dataDirectory);
        using var channel = new GrpcChannel(layout.SocketPath, time);
        return await new ContainerdImages(channel, new CriRuntime(channel, new CriRuntimeOptions { Time = time }), Snapshotter(layout), time).Import(archivePath, cancel);
    }

    private static async Task WriteConfiguration(ContainerdLayout layout, ContainerdOptions options, string binary, CancellationToken cancel)
    {
        const UnixFileMode onlyRoot = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        const UnixFileMode rootAndPassage = onlyRoot | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(layout.Directory, rootAndPassage); // containers of other users pass through it to their root file systems
        Directory.CreateDirectory(layout.StateDirectory, rootAndPassage);
        foreach (var directory in new[] { layout.CniConfDirectory, layout.RegistryDirectory })
            Directory.CreateDirectory(directory, onlyRoot);
        var version = await ContainerdVersion.Of(binary, cancel);
        await File.WriteAllTextAsync(layout.ConfigPath, ContainerdConfig.Write(layout, options, version, Snapshotter(layout)), cancel);
    }

    /// <summary>An overlay cannot stand on another: in a container (whose disk is one) layers are copied.</summary>
    private static string Snapshotter(ContainerdLayout layout) =>
        MountTable.Holding(layout.RootDirectory)?.FileSystem == "overlay" ? "native" : "overlayfs";

    // ---- the process

    private async Task<Running> AdoptOrLaunch(CancellationToken cancel)
    {
        if (ContainerdProcess.Find(Layout) is { } found)
        {
            var adopted = new Running(found, null);
            if (await Answers(adopted, cancel))
            {
                _options.Log($"took over containerd, process {found.Pid}");
                return adopted;
            }
            await ContainerdProcess.Terminate(found, _options.Time);
        }
        return await Launch(cancel);
    }

    /// <param name="Child">When it is our own child: .NET must be asked for its exit, or it stays a zombie.</param>
    private sealed record Running(ProcessIdentity Identity, Process? Child)
    {
        public bool HasEnded => Child?.HasExited ?? !Identity.IsAlive;
    }

    private async Task<Running> Launch(CancellationToken cancel)
    {
        if (new FileInfo(Layout.LogPath) is { Exists: true, Length: > log_bytes_max })
            File.Move(Layout.LogPath, Layout.LogPath + ".old", overwrite: true);
        var child = ContainerdProcess.Start(Layout, _binary);
        var running = new Running(ProcessTable.Identify(child.Id) ?? new ProcessIdentity(child.Id, 0), child);
        if (await Answers(running, cancel))
        {
            _options.Log($"started containerd, process {child.Id}");
            return running;
        }
        await ContainerdProcess.Terminate(running.Identity, _options.Time);
        throw new IOException($"containerd did not start; its log ends with:\n{LogTail()}");
    }

    /// <returns>False when it ended, or does not answer in time.</returns>
    private async Task<bool> Answers(Running running, CancellationToken cancel)
    {
        var begin = _options.Time.GetTimestamp();
        while (!running.HasEnded && _options.Time.GetElapsedTime(begin) < StartLimit)
        {
            try
            {
                var status = await _runtime.Status(verbose: false, cancel);
                if (status.Status.Conditions.Any(condition => condition is { Type: "RuntimeReady", Status: true }))
                    return true;
            }
            catch (GrpcException)
            {
                // Not yet.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), _options.Time, cancel);
        }
        return false;
    }

    private string LogTail() => File.Exists(Layout.LogPath) ? string.Join('\n', File.ReadLines(Layout.LogPath).TakeLast(10)) : "(no log)";

    private async Task Supervise(Running running)
    {
        try
        {
            var backOff = FirstBackOff;
            while (true)
            {
                var since = _options.Time.GetTimestamp();
                await WaitForEnd(running);
                if (_options.Time.GetElapsedTime(since) > LastBackOff)
                    backOff = FirstBackOff;
                _options.Log($"containerd, process {running.Identity.Pid}, has ended; starting another in {backOff.TotalMilliseconds:0} ms");
                running = await LaunchUntilItRuns(backOff);
                backOff = Longer(backOff);
            }
        }
        catch (OperationCanceledException)
        {
            // We let go of it.
        }
    }

    private async Task<Running> LaunchUntilItRuns(TimeSpan backOff)
    {
        while (true)
        {
            await Task.Delay(backOff, _options.Time, _ended.Token);
            Restarts++;
            try
            {
                return await Launch(_ended.Token);
            }
            catch (IOException e)
            {
                _options.Log(e.Message);
            }
            backOff = Longer(backOff);
        }
    }

    private static TimeSpan Longer(TimeSpan backOff) => TimeSpan.FromTicks(Math.Min(backOff.Ticks * 2, LastBackOff.Ticks));

    /// <summary>Our own child's end is told to us; another's (after a take-over) has to be looked for.</summary>
    private async Task WaitForEnd(Running running)
    {
        if (running.Child is { } child)
        {
            await child.WaitForExitAsync(_ended.Token);
            return;
        }
        while (!running.HasEnded)
            await Task.Delay(TimeSpan.FromSeconds(1), _options.Time, _ended.Token);
    }

    private async Task ImportPauseImage(CancellationToken cancel)
    {
        if (await _runtime.ImageStatus(new ImageSpec { Image = PauseImage.Name }, cancel) is not null)
            return;
        var path = Path.Combine(Layout.Directory, "pause.tar");
        await using (var file = File.Create(path))
            await PauseImage.Write(file, cancel);
        await Images.Import(path, pinned: true, cancel);
        File.Delete(path);
    }

    // ---- ending

    /// <summary>Lets go: containerd and the pods go on, for a later <see cref="Start"/> to take over.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await _ended.CancelAsync();
        await _supervision;
        _channel.Dispose();
    }

    /// <summary>
    /// Ends all pods and containerd, and leaves nothing behind but the images:
    /// 1. containerd removes the pods, which gives their addresses and ports back, and forgets them.
    /// 2. containerd ends.
    /// 3. What is left all the same is taken away.
    /// Idempotent.
    /// </summary>
    public async Task Stop(CancellationToken cancel)
    {
        if (_disposed)
        {
            await Stop(_options, cancel); // by another instance: this one has let go
            return;
        }
        await _ended.CancelAsync();
        await _supervision;
        await RemovePods(cancel);
        await DisposeAsync();
        await ContainerdLeftovers.Sweep(Layout, _options.Time, cancel);
    }

    /// <summary>
    /// As <see cref="Stop(CancellationToken)"/>, for an instance of an earlier process, however that ended. Does nothing where there was none;
    /// does what it can where containerd no longer starts.
    /// </summary>
    public static async Task Stop(ContainerdOptions options, CancellationToken cancel)
    {
        var layout = new ContainerdLayout(options.DataDirectory);
        if (!Directory.Exists(layout.Directory))
            return;
        if (Directory.Exists(layout.StateDirectory) && ContainerdProcess.Locate(options.Binary) is not null)
        {
            try
            {
                await (await Start(options, cancel)).Stop(cancel);
                return;
            }
            catch (Exception e) when (e is IOException or GrpcException)
            {
                options.Log($"cleaning up without containerd: {e.Message}");
            }
        }
        await ContainerdLeftovers.Sweep(layout, options.Time, cancel);
    }

    /// <summary>As far as it goes: what containerd cannot do, the sweep does.</summary>
    private async Task RemovePods(CancellationToken cancel)
    {
        try
        {
            await AdoptOrLaunch(cancel); // it may have died just now
            var sandboxes = await _runtime.ListPodSandboxes(null, cancel);
            await Parallel.ForEachAsync(sandboxes, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel },
                async (sandbox, stop) => await RemovePod(sandbox, stop));
        }
        catch (Exception e) when (e is IOException or GrpcException)
        {
            _options.Log($"removing the pods without containerd: {e.Message}");
        }
    }

    private async Task RemovePod(PodSandbox sandbox, CancellationToken cancel)
    {
        try
        {
            await _runtime.StopPodSandbox(sandbox.Id, cancel);
            await _runtime.RemovePodSandbox(sandbox.Id, cancel);
        }
        catch (GrpcException e)
        {
            _options.Log($"removing pod {sandbox.Metadata.Namespace}/{sandbox.Metadata.Name}: {e.Message}");
        }
    }
}
