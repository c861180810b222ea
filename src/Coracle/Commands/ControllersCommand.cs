using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using Coracle.ApiServer.Access;
using Coracle.Commands.Cluster;
using Coracle.Hosting;
using Coracle.Sdk;

namespace Coracle.Commands;

/// <summary>coracle controllers: the controllers and the scheduler for an API server elsewhere. Flags are named and meant as kube-controller-manager's.</summary>
internal static class ControllersCommand
{
    private sealed record Flags
    {
        public readonly Option<string?> Kubeconfig = new("--kubeconfig") { Description = "The server, and a user there who is the controller manager or may impersonate it", Required = true };
        public readonly Option<string?> Scheduler = new("--scheduler-kubeconfig") { Description = "The same for the scheduler; that of --kubeconfig unless given" };
        public readonly Option<bool> Impersonate = new("--impersonate-accounts") { Description = "Impersonate the controllers' service accounts instead of asking for their tokens" };
        public readonly Option<bool> Elect = new("--leader-elect") { Description = "Work only while holding the leases kube-controller-manager and kube-scheduler", DefaultValueFactory = _ => true };
        public readonly Option<string?> RootAuthority = new("--root-ca-file") { Description = "The authority that pods are told to trust" };
        public readonly Option<string?> SignerCertificate = new("--cluster-signing-cert-file") { Description = "The authority that signs requests for certificates" };
        public readonly Option<string?> SignerKey = new("--cluster-signing-key-file") { Description = "Its key" };
        public readonly Option<string?> PodRange = new("--cluster-cidr") { Description = "Where nodes' ranges of pod addresses are taken from" };

        public IEnumerable<Option> All => [Kubeconfig, Scheduler, Impersonate, Elect, RootAuthority, SignerCertificate, SignerKey, PodRange];
    }

    public static Command Create()
    {
        var flags = new Flags();
        var command = new Command("controllers", "Run the controllers and the scheduler for an API server elsewhere");
        foreach (var flag in flags.All) command.Add(flag);
        flags.PodRange.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !IPNetwork.TryParse(text, out _)) result.AddError($"--cluster-cidr is a range such as 10.244.0.0/16, not {text}");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(flags.SignerCertificate) is null != result.GetValue(flags.SignerKey) is null) result.AddError("--cluster-signing-cert-file and --cluster-signing-key-file go together");
        });
        command.SetAction((parsed, cancel) => Run(flags, parsed, cancel));
        return command;
    }

    private static async Task<int> Run(Flags flags, ParseResult parsed, CancellationToken cancel)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stopping));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stopping));
        try
        {
            await using var controllers = await RemoteControllers.ConnectAsync(Options(flags, parsed), stopping.Token);
            _ = Announce(controllers, stopping.Token);
            await controllers.RunAsync(stopping.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is LeadershipLostException || Failures.Tell(e) is not null)
        {
            await stopping.CancelAsync();
            return CommonOptions.Fail(Failures.Tell(e) ?? e.Message);
        }
    }

    private static async Task Announce(RemoteControllers controllers, CancellationToken cancel)
    {
        await controllers.WaitForSyncAsync(cancel);
        Console.WriteLine("caches are filled");
    }

    private static RemoteControllersOptions Options(Flags flags, ParseResult parsed) => new()
    {
        Cluster = Cluster(parsed.GetValue(flags.Kubeconfig)!),
        Scheduler = parsed.GetValue(flags.Scheduler) is { } file ? Cluster(file) : null,
        Impersonate = parsed.GetValue(flags.Impersonate), ElectLeaders = parsed.GetValue(flags.Elect),
        RootAuthority = parsed.GetValue(flags.RootAuthority) is { } authority ? Text(authority) : null,
        Signer = parsed.GetValue(flags.SignerCertificate) is { } certificate ? Signer(certificate, parsed.GetValue(flags.SignerKey)!) : null,
        PodRange = parsed.GetValue(flags.PodRange) is { } range ? IPNetwork.Parse(range) : null,
        Log = Tell,
    };

    private static ClusterConfig Cluster(string path) => File.Exists(path) ? ClusterConfig.FromFile(path) : throw new CommandException($"there is no {path}");

    private static string Text(string path) => File.Exists(path) ? File.ReadAllText(path) : throw new CommandException($"there is no {path}");

    private static CertificateAuthority Signer(string certificate, string key) => CertificateAuthority.Read(Text(certificate), Text(key), TimeProvider.System)
        ?? throw new CommandException($"{certificate} and {key} are not the certificate and the key of an authority");

    private static void Tell(LogEntry entry)
    {
        if (entry.Severity > LogSeverity.Debug) Console.Error.WriteLine($"{entry.Severity,-7} {entry.Source}: {entry.Message}{(entry.Failure is { } failure ? $": {failure.Message}" : "")}");
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stopping)
    {
        context.Cancel = true;
        stopping.Cancel();
    }
}
