using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Coracle.Instance;

namespace Coracle.Commands;

/// <summary>coracle up: starts a cluster.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var data = CommonOptions.DataDirectory();
        var port = new Option<int>("--api-port") { Description = "Port of the API on 127.0.0.1", DefaultValueFactory = _ => 6443 };
        var nodes = new Option<string>("--nodes") { Description = "containerd (this machine), sim:N (simulated) or none", DefaultValueFactory = _ => "containerd" };
        var store = new Option<string>("--store") { Description = "sqlite", DefaultValueFactory = _ => "sqlite" };
        var detach = new Option<bool>("--detach") { Description = "Return when the cluster is ready and leave it running" };
        var wait = new Option<string>("--wait") { Description = "How long to wait for the cluster to be ready", DefaultValueFactory = _ => "60s" };
        var audit = new Option<string?>("--audit-policy-file") { Description = "A Policy of audit.k8s.io/v1; what it asks for is written to audit.log in the data directory" };
        var bare = new Option<bool>("--without-controllers") { Description = "The API server alone: controllers and scheduler run elsewhere ('coracle controllers')" };
        nodes.Validators.Add(result =>
        {
            if (!IsNodes(result.GetValueOrDefault<string>() ?? "")) result.AddError("--nodes is 'containerd', 'sim:N' or 'none'");
        });
        store.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not "sqlite") result.AddError("--store is 'sqlite'; etcd is not supported yet");
        });
        wait.Validators.Add(result =>
        {
            if (CommonOptions.ParseDuration(result.GetValueOrDefault<string>() ?? "") is null) result.AddError("--wait is a duration such as 60s");
        });
        var features = new Option<string>("--feature-gates") { Description = "What is turned on and off, by upstream's names: A=true,B=false", DefaultValueFactory = _ => "" };
        features.Validators.Add(result =>
        {
            if (ApiServer.FeatureGates.Parse(result.GetValueOrDefault<string>() ?? "", out var problem) is null) result.AddError($"invalid argument \"{result.GetValueOrDefault<string>()}\" for \"--feature-gates\" flag: {problem}");
        });
        var command = new Command("up", "Start a cluster") { data, port, nodes, store, detach, wait, audit, features, bare };
        var access = AccessFlags.Make();
        foreach (var flag in access) command.Add(flag);
        command.SetAction((parsed, cancel) =>
        {
            var options = new UpOptions
            {
                DataDirectory = Path.GetFullPath(parsed.GetValue(data)!), ApiPort = parsed.GetValue(port), Nodes = parsed.GetValue(nodes)!,
                AuditPolicyFile = parsed.GetValue(audit) is { } file ? Path.GetFullPath(file) : null,
                Access = AccessFlags.Read(parsed, access), FeatureGates = parsed.GetValue(features) ?? "", WithoutControllers = parsed.GetValue(bare),
            };
            var limit = CommonOptions.ParseDuration(parsed.GetValue(wait)!)!.Value;
            return parsed.GetValue(detach) ? Detached(options, limit, cancel) : Foreground(options, cancel);
        });
        return command;
    }

    private static bool IsNodes(string text) => text is "containerd" or "none"
        || text.StartsWith("sim:", StringComparison.Ordinal) && int.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 10_000;

    private static async Task<int> Foreground(UpOptions options, CancellationToken cancel)
    {
        if (options.Nodes == "containerd" && Requirements.Missing() is { Count: > 0 } missing) return Requirements.Explain(missing);
        var stop = new TaskCompletionSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        try
        {
            await using var instance = await RunningInstance.StartAsync(options with { Progress = Console.WriteLine }, cancel);
            if (await Readiness.WaitAsync(options.DataDirectory, options.Nodes, TimeSpan.FromSeconds(60), Console.WriteLine, cancel) is { } problem) Console.Error.WriteLine($"coracle: {problem}");
            Console.WriteLine(instance.KubeconfigPath);
            await stop.Task.WaitAsync(cancel);
            Console.WriteLine("stopping; containers go on running ('coracle down' ends them)");
            return 0;
        }
        catch (InstanceException e)
        {
            return CommonOptions.Fail(e.Message);
        }
    }

    private static void Stop(PosixSignalContext context, TaskCompletionSource stop)
    {
        context.Cancel = true;
        stop.TrySetResult();
    }

    public static async Task<int> Detached(UpOptions options, TimeSpan limit, CancellationToken cancel)
    {
        if (options.Nodes == "containerd" && Requirements.Missing() is { Count: > 0 } missing) return Requirements.Explain(missing);
        if (InstanceRecord.Read(options.DataDirectory) is { IsRunning: true } running)
        {
            Console.WriteLine($"already running as process {running.Pid}");
            Console.WriteLine(Path.Combine(options.DataDirectory, "kubeconfig"));
            return 0;
        }
        Directory.CreateDirectory(options.DataDirectory, DataDirectoryMode.Value);
        var output = Path.Combine(options.DataDirectory, "up.log");
        var child = Launch(options, output);
        var problem = await Readiness.WaitAsync(options.DataDirectory, options.Nodes, limit, Console.WriteLine, cancel, () => child.HasExited);
        if (problem is null)
        {
            Console.WriteLine(Path.Combine(options.DataDirectory, "kubeconfig"));
            return 0;
        }
        if (child.HasExited && File.Exists(output)) Console.Error.Write(await File.ReadAllTextAsync(output, cancel));
        return CommonOptions.Fail(problem);
    }

    // In a session of its own, so that it outlives the terminal.
    private static Process Launch(UpOptions options, string output)
    {
        string[] audit = options.AuditPolicyFile is { } policy ? ["--audit-policy-file", policy] : [];
        string[] features = options.FeatureGates.Length > 0 ? [$"--feature-gates={options.FeatureGates}"] : [];
        string[] bare = options.WithoutControllers ? ["--without-controllers"] : [];
        string[] access = [.. options.Access.Select(flag => $"{flag.Key}={flag.Value}")];
        var (program, arguments) = SelfLaunch.Command(
            ["up", "--data-dir", options.DataDirectory, "--api-port", options.ApiPort.ToString(CultureInfo.InvariantCulture), "--nodes", options.Nodes, .. audit, .. access, .. features, .. bare]);
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true };
        foreach (var argument in (string[])["sh", "-c", "exec \"$0\" \"$@\" >\"$CORACLE_OUTPUT\" 2>&1 </dev/null", program, .. arguments]) start.ArgumentList.Add(argument);
        start.Environment["CORACLE_OUTPUT"] = output;
        return Process.Start(start)!;
    }
}
