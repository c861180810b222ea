using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Coracle.Commands;
using Coracle.Instance;
using Coracle.Sdk;

namespace Coracle.Tests.Running;

/// <summary>The program as a process of its own, with a data directory and a port of its own. What it has on the machine is gone when it is disposed of.</summary>
internal sealed class TestInstance : IAsyncDisposable
{
    private HttpTransport? _transport;
    private Client? _client;
    private Process? _process;

    private TestInstance(string directory, int port, string nodes) => (DataDirectory, Port, Nodes) = (directory, port, nodes);

    public string DataDirectory { get; }
    public int Port { get; }
    public string Nodes { get; }

    /// <summary>Flags of `coracle up` besides.</summary>
    public IReadOnlyList<string> More { get; set; } = [];
    public string Kubeconfig => Path.Combine(DataDirectory, "kubeconfig");
    public int Pid => _process!.Id;

    /// <summary>Over HTTPS, as the administrator.</summary>
    public Client Client => _client ??= NewClient();

    /// <summary>Ends a hanging test; no assertion depends on it.</summary>
    public static CancellationToken Limit(int minutes = 5) => new CancellationTokenSource(TimeSpan.FromMinutes(minutes)).Token;

    /// <summary>Skips the test where there is nothing to run containers with.</summary>
    public static void RequireContainers()
    {
        var missing = Requirements.Missing();
        Assert.SkipUnless(missing.Count == 0, string.Join("; ", missing));
        Assert.SkipUnless(File.Exists("/bin/busybox") || File.Exists("/usr/bin/busybox"), "no busybox on this machine");
    }

    /// <summary>A cluster whose node is this machine, with the sample image loaded.</summary>
    public static async Task<TestInstance> WithContainers(CancellationToken cancel)
    {
        RequireContainers();
        var instance = New("containerd");
        try
        {
            await instance.Start(cancel);
            await instance.LoadSample(cancel);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    public static TestInstance New(string nodes, params IReadOnlyList<string> more) => new(Directory.CreateTempSubdirectory("coracle-test-").FullName, FreePort(), nodes) { More = more };

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Starts the process and waits until the API and the node are ready.</summary>
    public async Task Start(CancellationToken cancel)
    {
        Launch();
        await Ready(cancel);
    }

    public void Launch() => _process = TheProgram.Start(["up", "--data-dir", DataDirectory, "--api-port", $"{Port}", "--nodes", Nodes, .. More]);

    public async Task Ready(CancellationToken cancel)
    {
        var problem = await Readiness.WaitAsync(DataDirectory, Nodes, TimeSpan.FromSeconds(120), _ => { }, cancel, () => _process!.HasExited);
        Assert.True(problem is null, $"{problem}\n{TheProgram.OutputOf(_process!)}");
    }

    /// <summary>As the kernel does when memory runs out, or a user who has lost patience.</summary>
    public async Task Kill(CancellationToken cancel)
    {
        _process!.Kill();
        await _process.WaitForExitAsync(cancel);
    }

    public async Task LoadSample(CancellationToken cancel)
    {
        var archive = Path.Combine(DataDirectory, "sample.tar");
        await SampleImage.WriteAsync(archive, cancel);
        var loaded = await TheProgram.Run(cancel, "load", "--data-dir", DataDirectory, archive);
        Assert.True(loaded.Code == 0, loaded.ToString());
    }

    public Client NewClient()
    {
        _transport = new HttpTransport(ClusterConfig.FromFile(Kubeconfig));
        return new Client(_transport, new ClientOptions { UserAgent = "test" });
    }

    public async ValueTask DisposeAsync()
    {
        if (_transport is not null) await _transport.DisposeAsync();
        if (_process is { HasExited: false }) await Kill(CancellationToken.None);
        if (Directory.Exists(DataDirectory)) await TheProgram.Run(CancellationToken.None, "down", "--data-dir", DataDirectory, "--delete-data");
    }
}
