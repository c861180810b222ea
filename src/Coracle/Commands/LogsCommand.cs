using System.CommandLine;
using Coracle.Commands.Cluster;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Commands;

/// <summary>coracle logs: what containers have written.</summary>
internal static class LogsCommand
{
    private sealed record Options(string Target, PodLogQuery Query, bool AllContainers);

    public static Command Create()
    {
        var cluster = new ClusterOptions();
        var target = new Argument<string>("pod") { Description = "POD, or TYPE/NAME: one of its pods" };
        var containerArgument = new Argument<string>("container-name") { Description = "The container", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "" };
        var container = new Option<string>("--container", "-c") { Description = "The container", DefaultValueFactory = _ => "" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what is written" };
        var previous = new Option<bool>("--previous", "-p") { Description = "Of the container's last run" };
        var timestamps = new Option<bool>("--timestamps") { Description = "With the time of each line" };
        var tail = new Option<long>("--tail") { Description = "Only so many of the last lines; negative for all", DefaultValueFactory = _ => -1 };
        var since = new Option<string>("--since") { Description = "Only lines younger than this, such as 5s, 2m or 1h30m", DefaultValueFactory = _ => "" };
        var all = new Option<bool>("--all-containers") { Description = "Of all containers of the pod" };
        since.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { Length: > 0 } text && Durations.Parse(text) is null) result.AddError("--since is a duration such as 5s, 2m or 1h30m");
        });
        var command = new Command("logs", "Show what containers have written") { target, containerArgument, container, follow, previous, timestamps, tail, since, all };
        cluster.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var named = parsed.GetValue(container) is { Length: > 0 } option ? option : parsed.GetValue(containerArgument)!;
            var query = new PodLogQuery
            {
                Container = named, Follow = parsed.GetValue(follow), Previous = parsed.GetValue(previous), Timestamps = parsed.GetValue(timestamps),
                TailLines = parsed.GetValue(tail) is >= 0 and var lines ? lines : null, Since = Durations.Parse(parsed.GetValue(since)!),
            };
            return cluster.Run(parsed, session => Run(session, new(parsed.GetValue(target)!, query, parsed.GetValue(all)), cancel));
        });
        return command;
    }

    private static async Task<int> Run(ClusterSession session, Options options, CancellationToken cancel)
    {
        var pod = await Find(session, options.Target, cancel);
        var output = Console.OpenStandardOutput();
        if (!options.AllContainers)
        {
            var container = PodChoice.Container(session, pod, options.Query.Container);
            await Copy(session, pod, options.Query with { Container = container }, output, cancel);
            return 0;
        }
        var containers = PodChoice.All(pod).ToList();
        if (!options.Query.Follow)
            foreach (var container in containers) await Copy(session, pod, options.Query with { Container = container }, output, cancel);
        else
            await Task.WhenAll(containers.Select(container => Lines(session, pod, options.Query with { Container = container }, output, cancel)));
        return 0;
    }

    private static async Task<Pod> Find(ClusterSession session, string target, CancellationToken cancel)
    {
        try
        {
            return await PodChoice.Find(session, target, cancel);
        }
        catch (ApiException e) when (e.IsNotFound)
        {
            throw new CommandException($"error from server (NotFound): {e.Status.Message} in namespace \"{session.Namespace}\"");
        }
    }

    private static async Task Copy(ClusterSession session, Pod pod, PodLogQuery query, Stream output, CancellationToken cancel)
    {
        await using var log = await session.Client.ReadLogAsync(Key.Of(pod), query, cancel);
        var buffer = new byte[16 * 1024];
        while (await log.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            await output.WriteAsync(buffer.AsMemory(0, count), cancel);
            await output.FlushAsync(cancel);
        }
    }

    // Several at once take turns line by line.
    private static async Task Lines(ClusterSession session, Pod pod, PodLogQuery query, Stream output, CancellationToken cancel)
    {
        await using var log = await session.Client.ReadLogAsync(Key.Of(pod), query, cancel);
        using var reader = new StreamReader(log);
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(line + "\n");
            lock (output)
            {
                output.Write(bytes);
                output.Flush();
            }
        }
    }
}
