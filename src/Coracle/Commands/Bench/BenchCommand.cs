using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Coracle.Bench;
using Coracle.Bench.Report;
using Coracle.Sdk;

namespace Coracle.Commands.Bench;

/// <summary>coracle bench: measures an API server, any; without one named, an instance of its own.</summary>
internal static class BenchCommand
{
    private static readonly Option<string?> Server = new("--server") { Description = "URL of the API server; without it an instance of its own is started and stopped" };
    private static readonly Option<string?> Kubeconfig = new("--kubeconfig") { Description = "Whom to trust and who one is" };
    private static readonly Option<string?> Context = new("--context") { Description = "Context in the kubeconfig" };
    private static readonly Option<string> Run = new("--run") { Description = $"Of {string.Join(",", BenchSession.Known)}; start, too, without --server; of scale {string.Join(",", BenchSession.ScaleRuns)}", DefaultValueFactory = _ => "" };
    private static readonly Option<int> Objects = Positive("--objects", 10_000, "Pods that are created and listed");
    private static readonly Option<int> Bytes = Positive("--bytes", 2048, "Size of a pod as it is sent");
    private static readonly Option<string> Writers = Numbers("--writers", "1,64", "How many create at once, one measurement each");
    private static readonly Option<string> Readers = Numbers("--readers", "1,64", "How many get at once");
    private static readonly Option<string> Listers = Numbers("--listers", "1,8", "How many list at once");
    private static readonly Option<int> Watchers = Positive("--watchers", 1000, "Watchers of the watch run");
    private static readonly Option<int> Rate = Positive("--rate", 200, "Updates a second in the watch run");
    private static readonly Option<int> Pods = Positive("--pods", 1000, "Replicas of the deployment in the pods run");
    private static readonly Option<bool> Scale = new("--scale") { Description = "All runs of scale, on simulated nodes" };
    private static readonly Option<int> Nodes = Positive("--nodes", 5_000, "Nodes of the runs of scale");
    private static readonly Option<int> Scheduled = Positive("--scheduled", 10_000, "Pods of the schedule and affinity runs");
    private static readonly Option<int> Replicas = Positive("--replicas", 10_000, "Replicas in the deployment run");
    private static readonly Option<int> Services = Positive("--services", 60, "Services of the services run");
    private static readonly Option<int> Endpoints = Positive("--endpoints", 2_500, "Pods behind all of them");
    private static readonly Option<int> Jobs = Positive("--jobs", 25_000, "Jobs of the jobs run");
    private static readonly Option<int> Content = Positive("--content", 20_000, "Objects in the namespace that is deleted");
    private static readonly Option<string> Longest = Duration("--longest", "6m", "How long one run of scale may last");
    private static readonly Option<string> Seconds = Duration("--each", "10s", "How long one measurement lasts at most");
    private static readonly Option<string> Limit = Duration("--limit", "30m", "How long all of it may last");
    private static readonly Option<string> Pid = Numbers("--pid", "", "The server's processes, where they are not found by its port");
    private static readonly Option<string> Output = new("--output", "-o") { Description = "json", DefaultValueFactory = _ => "" };

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("json", "");
        var command = new Command("bench", "Measure an API server: create, get, list, watch, pods to ready")
        {
            Server, Kubeconfig, Context, Run, Objects, Bytes, Writers, Readers, Listers, Watchers, Rate, Pods, Scale, Nodes, Scheduled, Replicas, Services, Endpoints, Jobs, Content, Longest, Seconds, Limit, Pid, Output,
        };
        command.Validators.Add(Validate);
        command.SetAction(Measure);
        return command;
    }

    private static void Validate(CommandResult result)
    {
        var own = result.GetValue(Server) is null && result.GetValue(Kubeconfig) is null;
        // Defaults are not filled in yet.
        foreach (var run in Names(result.GetValue(Run) ?? ""))
        {
            if (run == "start" && own || BenchSession.Known.Contains(run) || BenchSession.ScaleRuns.Contains(run) && (run != "nodes" || own)) continue;
            result.AddError(run is "start" or "nodes" ? $"--run {run} needs an instance of its own: leave out --server and --kubeconfig" : $"--run: there is no '{run}'; there are {string.Join(", ", BenchSession.Known.Concat(BenchSession.ScaleRuns))}");
        }
        if (result.GetValue(Server) is { } server && !(Uri.TryCreate(server, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"))
            result.AddError($"--server is a URL such as https://127.0.0.1:6443, not '{server}'");
        if (result.GetValue(Kubeconfig) is { } file && !File.Exists(file)) result.AddError($"--kubeconfig: there is no file {file}");
        if (result.GetValue(Server) is not null && result.GetValue(Kubeconfig) is null && Coracle.Sdk.Kubeconfig.DefaultFiles().Count == 0)
            result.AddError("--server needs --kubeconfig: it says whom to trust and who one is");
    }

    private static async Task<int> Measure(ParseResult parsed, CancellationToken cancel)
    {
        try
        {
            var own = parsed.GetValue(Server) is null && parsed.GetValue(Kubeconfig) is null;
            var runs = Names(parsed.GetValue(Run)!);
            if (parsed.GetValue(Scale)) runs.AddRange(BenchSession.ScaleRuns.Where(run => !runs.Contains(run) && (own || run != "nodes")));
            var options = Options(parsed, own ? null : Cluster(parsed));
            var measured = own ? await OwnInstance.Measure(options, runs, cancel) : await BenchSession.RunAsync(options with { Runs = runs.Count > 0 ? runs : options.Runs }, cancel);
            Console.WriteLine(parsed.GetValue(Output) == "json" ? JsonReport.Render(measured) : Table.Render(measured));
            return measured.Any(m => m.Errors > 0) ? 1 : 0;
        }
        catch (Exception e) when (e is BenchException or ClusterConfigException)
        {
            return CommonOptions.Fail(e.Message);
        }
        catch (OperationCanceledException)
        {
            return CommonOptions.Fail("interrupted");
        }
    }

    private static ClusterConfig Cluster(ParseResult parsed)
    {
        var config = parsed.GetValue(Kubeconfig) is { } file ? ClusterConfig.FromFile(file, parsed.GetValue(Context)) : ClusterConfig.Find(parsed.GetValue(Context));
        return parsed.GetValue(Server) is { } server ? config with { Server = new Uri(server) } : config;
    }

    private static BenchOptions Options(ParseResult parsed, ClusterConfig? cluster)
    {
        var pids = NumbersIn(parsed.GetValue(Pid)!);
        return new BenchOptions
        {
            Cluster = cluster ?? new ClusterConfig { Server = new Uri("https://127.0.0.1") },
            Objects = parsed.GetValue(Objects), ObjectBytes = parsed.GetValue(Bytes), Writers = NumbersIn(parsed.GetValue(Writers)!), Readers = NumbersIn(parsed.GetValue(Readers)!),
            Listers = NumbersIn(parsed.GetValue(Listers)!), Watchers = parsed.GetValue(Watchers), UpdatesPerSecond = parsed.GetValue(Rate), Pods = parsed.GetValue(Pods),
            Scale = new ScaleOptions
            {
                Nodes = parsed.GetValue(Nodes), Scheduled = parsed.GetValue(Scheduled), Replicas = parsed.GetValue(Replicas), Services = parsed.GetValue(Services), Endpoints = parsed.GetValue(Endpoints),
                Jobs = parsed.GetValue(Jobs), Content = parsed.GetValue(Content), Longest = CommonOptions.ParseDuration(parsed.GetValue(Longest)!)!.Value,
            },
            Each = CommonOptions.ParseDuration(parsed.GetValue(Seconds)!)!.Value, All = CommonOptions.ParseDuration(parsed.GetValue(Limit)!)!.Value,
            Pids = pids.Count > 0 || cluster is null ? pids : ServerProcess.Listening(cluster.Server),
            Progress = line => Console.Error.WriteLine(line),
        };
    }

    private static List<string> Names(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    private static List<int> NumbersIn(string text) => [.. Names(text).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];

    private static Option<int> Positive(string name, int value, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is <= 0 or > 1_000_000) result.AddError($"{name} is a number from 1 to 1000000");
        });
        return option;
    }

    private static Option<string> Numbers(string name, string value, string description)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (!Names(result.GetValueOrDefault<string>() ?? "").TrueForAll(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
                result.AddError($"{name} is a list of numbers such as 1,64");
        });
        return option;
    }

    private static Option<string> Duration(string name, string value, string description)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (CommonOptions.ParseDuration(result.GetValueOrDefault<string>() ?? "") is not { } given || given <= TimeSpan.Zero) result.AddError($"{name} is a duration such as 10s");
        });
        return option;
    }
}
