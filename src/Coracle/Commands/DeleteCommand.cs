using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Coracle.Commands.Cluster;
using Coracle.Sdk;

namespace Coracle.Commands;

/// <summary>coracle delete: asks for the deletion of objects, and waits until they are gone.</summary>
internal static class DeleteCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private sealed record Options
    {
        public IReadOnlyList<string> Arguments { get; init; } = [];
        public IReadOnlyList<string> Files { get; init; } = [];
        public string Labels { get; init; } = "";
        public string Fields { get; init; } = "";
        public bool All { get; init; }
        public bool AllNamespaces { get; init; }
        public string Cascade { get; init; } = "background";
        public int Grace { get; init; } = -1;
        public bool Force { get; init; }
        public bool Wait { get; init; } = true;
        public bool IgnoreNotFound { get; init; }
        public bool DryRun { get; init; }
        public string Output { get; init; } = "";
    }

    private sealed record Target(ApiResource Resource, Key Key)
    {
        /// <summary>The file that names it; "" for none.</summary>
        public string Source { get; init; } = "";
    }

    public static Command Create()
    {
        var cluster = new ClusterOptions();
        var arguments = new Argument<string[]>("type") { Description = "TYPE NAME..., or TYPE/NAME...", Arity = ArgumentArity.ZeroOrMore };
        var files = new Option<string[]>("--filename", "-f") { Description = "File, folder or - for the standard input" };
        var labels = new Option<string>("--selector", "-l") { Description = "Objects with these labels", DefaultValueFactory = _ => "" };
        var fields = new Option<string>("--field-selector") { Description = "Objects with these values in these fields", DefaultValueFactory = _ => "" };
        var all = new Option<bool>("--all") { Description = "All objects of the types" };
        var allNamespaces = new Option<bool>("--all-namespaces", "-A") { Description = "In every namespace" };
        var cascade = new Option<string>("--cascade") { Description = "background, foreground or orphan: what becomes of what the objects own", DefaultValueFactory = _ => "background" };
        var grace = new Option<int>("--grace-period") { Description = "Seconds given to end; negative for the object's own", DefaultValueFactory = _ => -1 };
        var force = new Option<bool>("--force") { Description = "Without waiting for confirmation that all is ended" };
        var wait = new Option<bool>("--wait") { Description = "Return when the objects are gone", DefaultValueFactory = _ => true };
        var ignore = new Option<bool>("--ignore-not-found") { Description = "Objects that do not exist are no failure" };
        var dryRun = new Option<string>("--dry-run") { Description = "none, or server: all but the deletion itself", DefaultValueFactory = _ => "none" };
        var output = new Option<string>("--output", "-o") { Description = "name", DefaultValueFactory = _ => "" };
        cascade.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not ("background" or "foreground" or "orphan")) result.AddError("--cascade is 'background', 'foreground' or 'orphan'");
        });
        var command = new Command("delete", "Delete objects") { arguments, files, labels, fields, all, allNamespaces, cascade, grace, force, wait, ignore, dryRun, output };
        command.Validators.Add(result =>
        {
            if (result.GetValue(arguments) is not { Length: > 0 } && result.GetValue(files) is not { Length: > 0 })
                result.AddError("you must provide one or more resources by argument or filename");
        });
        cluster.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var options = new Options
            {
                Arguments = parsed.GetValue(arguments)!, Files = parsed.GetValue(files) ?? [], Labels = parsed.GetValue(labels)!, Fields = parsed.GetValue(fields)!, All = parsed.GetValue(all),
                AllNamespaces = parsed.GetValue(allNamespaces), Cascade = parsed.GetValue(cascade)!, Grace = parsed.GetValue(grace), Force = parsed.GetValue(force),
                Wait = parsed.GetValue(wait), IgnoreNotFound = parsed.GetValue(ignore), DryRun = parsed.GetValue(dryRun) == "server", Output = parsed.GetValue(output)!,
            };
            return cluster.Run(parsed, session => Run(session, Graceful(options), cancel));
        });
        return command;
    }

    // At once is dangerous, so it takes --force to be meant.
    private static Options Graceful(Options options) => options switch
    {
        { Force: true, Grace: < 0 } => options with { Grace = 0 },
        { Force: false, Grace: 0, Wait: true } => options with { Grace = 1 },
        _ => options,
    };

    private static async Task<int> Run(ClusterSession session, Options options, CancellationToken cancel)
    {
        var failures = new List<Exception>();
        var targets = await Targets(session, options, failures, cancel);
        if (options is { Force: true, Grace: 0 })
            session.Output.Error("Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.");
        var deleted = new List<(Target Target, string Uid)>();
        foreach (var target in targets)
            try
            {
                var uid = await Delete(session, options, target, cancel);
                session.Output.Text(Told(options, target));
                if (!options.DryRun) deleted.Add((target, uid));
            }
            catch (ApiException e)
            {
                if (options.IgnoreNotFound && e.IsNotFound) continue;
                failures.Add(target.Source.Length == 0 ? e : new ApiException(e.Status with { Message = $"error when deleting \"{target.Source}\": {e.Status.Message}" }));
            }
        if (targets.Count == 0 && failures.Count == 0) session.Output.Line("No resources found");
        if (options.Wait)
            foreach (var (target, uid) in deleted) await Gone(session, target, uid, cancel);
        CommandFailures.ThrowIfAny(failures);
        return 0;
    }

    private static string Told(Options options, Target target)
    {
        var kind = Asked.Kind(target.Resource);
        if (options.Output == "name") return $"{kind}/{target.Key.Name}\n";
        var how = options is { Force: true, Grace: 0 } ? "force deleted" : "deleted";
        return $"{kind} \"{target.Key.Name}\" {how}{(options.DryRun ? " (server dry run)" : "")}\n";
    }

    private static async Task<List<Target>> Targets(ClusterSession session, Options options, List<Exception> failures, CancellationToken cancel)
    {
        var targets = new List<Target>();
        foreach (var manifest in options.Files.Count > 0 ? await Manifests.Read(options.Files, Console.In, cancel) : [])
            try
            {
                var placed = await Placed.Of(session, manifest, cancel);
                targets.Add(new(placed.Resource, placed.Key) { Source = manifest.Source });
            }
            catch (CommandException e)
            {
                failures.Add(e);
            }
        if (options.Arguments.Count == 0) return targets;
        foreach (var asked in await Asked.Read(session, options.Arguments, cancel))
        {
            var selected = options.All || options.Labels.Length > 0 || options.Fields.Length > 0;
            if (asked.Name.Length > 0 && selected) throw new CommandException("name cannot be provided when a selector is specified");
            if (asked.Name.Length > 0) targets.Add(new(asked.Resource, session.KeyOf(asked.Resource, asked.Name)));
            else if (selected) targets.AddRange(await Matching(session, options, asked.Resource, cancel));
            else throw new CommandException("resource(s) were provided, but no name was specified");
        }
        return targets;
    }

    private static async Task<IEnumerable<Target>> Matching(ClusterSession session, Options options, ApiResource resource, CancellationToken cancel)
    {
        var query = $"labelSelector={Uri.EscapeDataString(options.Labels)}&fieldSelector={Uri.EscapeDataString(options.Fields)}";
        var list = await session.Get(resource.CollectionPath(options.AllNamespaces ? null : session.Namespace), cancel, query);
        return (list["items"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(item => new Target(resource, new((string?)item["metadata"]?["namespace"] ?? "", (string?)item["metadata"]?["name"] ?? "")));
    }

    /// <summary>Gives the uid of what is being deleted; "" when the server does not tell.</summary>
    private static async Task<string> Delete(ClusterSession session, Options options, Target target, CancellationToken cancel)
    {
        var body = new JsonObject { ["kind"] = "DeleteOptions", ["apiVersion"] = "v1", ["propagationPolicy"] = string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(options.Cascade[0])}{options.Cascade[1..]}") };
        if (options.Grace >= 0) body["gracePeriodSeconds"] = options.Grace;
        if (options.DryRun) body["dryRun"] = new JsonArray("All");
        var reply = await session.Send(new()
        {
            Method = "DELETE", Path = target.Resource.ObjectPath(target.Key), ContentType = "application/json", Body = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()),
        }, cancel);
        var answer = JsonNode.Parse(reply.Body.Span);
        return (string?)answer?["metadata"]?["uid"] ?? (string?)answer?["details"]?["uid"] ?? "";
    }

    private static async Task Gone(ClusterSession session, Target target, string uid, CancellationToken cancel)
    {
        while (true)
        {
            var reply = await session.Client.SendAsync(new() { Method = "GET", Path = target.Resource.ObjectPath(target.Key), Accept = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json" }, cancel);
            if (reply.Status == 404) return;
            if (!reply.Ok) throw new ApiException(ApiStatus.Parse(reply.Status, reply.Body.Span));
            var now = (string?)JsonNode.Parse(reply.Body.Span)?["metadata"]?["uid"] ?? "";
            if (uid.Length > 0 && now != uid) return;
            await Task.Delay(Pause, cancel);
        }
    }
}
