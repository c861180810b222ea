using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.Commands.Cluster;
using Coracle.Sdk;

namespace Coracle.Commands;

/// <summary>coracle get: shows objects.</summary>
internal static class GetCommand
{
    private const string Tables = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private sealed record Options
    {
        public required IReadOnlyList<string> Arguments { get; init; }
        public bool AllNamespaces { get; init; }
        public string Labels { get; init; } = "";
        public string Fields { get; init; } = "";
        public string Output { get; init; } = "";
        public bool Watch { get; init; }
        public bool WatchOnly { get; init; }
        public bool NoHeaders { get; init; }
        public bool ShowLabels { get; init; }
        public bool IgnoreNotFound { get; init; }

        public bool AsTable => Output is "" or "wide";
        public bool HasSelector => Labels.Length > 0 || Fields.Length > 0;
    }

    public static Command Create()
    {
        var cluster = new ClusterOptions();
        var arguments = new Argument<string[]>("type") { Description = "TYPE[,TYPE...] [NAME...], or TYPE/NAME...", Arity = ArgumentArity.OneOrMore };
        var all = new Option<bool>("--all-namespaces", "-A") { Description = "In every namespace" };
        var labels = new Option<string>("--selector", "-l") { Description = "Only objects with these labels", DefaultValueFactory = _ => "" };
        var fields = new Option<string>("--field-selector") { Description = "Only objects with these values in these fields", DefaultValueFactory = _ => "" };
        var output = new Option<string>("--output", "-o") { Description = "wide, yaml, json or name", DefaultValueFactory = _ => "" };
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on with what changes" };
        var watchOnly = new Option<bool>("--watch-only") { Description = "Only what changes" };
        var noHeaders = new Option<bool>("--no-headers") { Description = "No line of headers" };
        var showLabels = new Option<bool>("--show-labels") { Description = "Labels as the last column" };
        var ignore = new Option<bool>("--ignore-not-found") { Description = "Objects that do not exist are no failure" };
        output.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not ("" or "wide" or "yaml" or "json" or "name")) result.AddError("--output is 'wide', 'yaml', 'json' or 'name'");
        });
        var command = new Command("get", "Show objects") { arguments, all, labels, fields, output, watch, watchOnly, noHeaders, showLabels, ignore };
        cluster.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var options = new Options
            {
                Arguments = parsed.GetValue(arguments)!, AllNamespaces = parsed.GetValue(all), Labels = parsed.GetValue(labels)!, Fields = parsed.GetValue(fields)!,
                Output = parsed.GetValue(output)!, Watch = parsed.GetValue(watch), WatchOnly = parsed.GetValue(watchOnly), NoHeaders = parsed.GetValue(noHeaders),
                ShowLabels = parsed.GetValue(showLabels), IgnoreNotFound = parsed.GetValue(ignore),
            };
            return cluster.Run(parsed, session => Run(session, options, cancel));
        });
        return command;
    }

    private static async Task<int> Run(ClusterSession session, Options options, CancellationToken cancel)
    {
        var asked = await Asked.Read(session, options.Arguments, cancel);
        var named = asked.Any(a => a.Name.Length > 0);
        if (named && options.HasSelector) throw new CommandException("name cannot be provided when a selector is specified");
        if (named && options.AllNamespaces) throw new CommandException("a resource cannot be retrieved by name across all namespaces");
        if (options.Watch || options.WatchOnly) return await Watch(session, options, asked, cancel);
        var failures = new List<Exception>();
        var parts = new List<Part>();
        foreach (var one in asked)
            try
            {
                parts.Add(new(one, await Read(session, options, one, cancel)));
            }
            catch (ApiException e)
            {
                if (!options.IgnoreNotFound || !e.IsNotFound) failures.Add(e);
            }
        if (options.AsTable) Print(session, options, parts, failures.Count > 0, named);
        else Whole(session, options, asked, parts);
        CommandFailures.ThrowIfAny(failures);
        return 0;
    }

    private sealed record Part(Asked Asked, JsonObject Answer);

    private static async Task<JsonObject> Read(ClusterSession session, Options options, Asked asked, CancellationToken cancel)
    {
        try
        {
            return JsonNode.Parse((await session.Send(Call(session, options, asked, ""), cancel)).Body.Span)!.AsObject();
        }
        catch (ApiException e) when (asked.Name.Length == 0 && e.Status.Reason is ("BadRequest" or "NotFound"))
        {
            var resource = $"\"{asked.Resource.Group}/{asked.Resource.Version}, Resource={asked.Resource.Plural}\"";
            var what = options.HasSelector ? $"Unable to find {resource} that match label selector \"{options.Labels}\", field selector \"{options.Fields}\"" : $"Unable to list {resource}";
            throw new ApiException(e.Status with { Message = $"{what}: {e.Status.Message}" });
        }
    }

    private static ApiCall Call(ClusterSession session, Options options, Asked asked, string query)
    {
        var text = new StringBuilder(query);
        void Add(string name, string value)
        {
            if (value.Length > 0) text.Append(text.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
        Add("labelSelector", options.Labels);
        Add("fieldSelector", options.Fields);
        var path = asked.Name.Length > 0 && query.Length == 0
            ? asked.Resource.ObjectPath(session.KeyOf(asked.Resource, asked.Name))
            : asked.Resource.CollectionPath(options.AllNamespaces ? null : session.Namespace);
        if (asked.Name.Length > 0 && query.Length > 0) Add("fieldSelector", "metadata.name=" + asked.Name);
        return new() { Method = "GET", Path = path, Query = text.ToString(), Accept = options.AsTable ? Tables : "application/json" };
    }

    // Tables of one kind are one; those of several are apart, and their names say what they are.
    private static void Print(ClusterSession session, Options options, List<Part> parts, bool failed, bool named)
    {
        var shown = parts.Where(p => !TableText.IsEmpty(p.Answer)).ToList();
        if (shown.Count == 0)
        {
            if (failed || named || options.IgnoreNotFound) return;
            var somewhere = !options.AllNamespaces && parts.Exists(p => p.Asked.Resource.Namespaced);
            session.Output.Error(somewhere ? $"No resources found in {session.Namespace} namespace." : "No resources found");
            return;
        }
        var several = parts.Select(p => p.Asked.Resource.GroupResource).Distinct().Count() > 1;
        var first = true;
        foreach (var group in shown.GroupBy(p => p.Asked.Resource))
        {
            if (!first) session.Output.Line("");
            first = false;
            session.Output.Text(Table(options, group.Key, several).Write(group.Select(p => p.Answer)));
        }
    }

    private static TableText Table(Options options, ApiResource resource, bool several) => new(new()
    {
        Wide = options.Output == "wide", NoHeaders = options.NoHeaders, ShowLabels = options.ShowLabels,
        WithNamespace = options.AllNamespaces && resource.Namespaced, Named = several ? resource : null,
    });

    private static void Whole(ClusterSession session, Options options, IReadOnlyList<Asked> asked, List<Part> parts)
    {
        var objects = parts.SelectMany(p => Objects(p).Select(o => (p.Asked.Resource, Object: o))).ToList();
        if (options.Output == "name")
            foreach (var (resource, obj) in objects) session.Output.Line($"{Asked.Kind(resource)}/{obj["metadata"]?["name"]}");
        else if (objects.Count > 0 || asked.Any(a => a.Name.Length == 0))
            session.Output.Text(ObjectText.Write([.. objects.Select(o => o.Object)], single: asked is [{ Name.Length: > 0 }], yaml: options.Output == "yaml"));
    }

    // The items of a list do not say what they are.
    private static IEnumerable<JsonObject> Objects(Part part)
    {
        if (part.Asked.Name.Length > 0) return [part.Answer];
        return (part.Answer["items"] as JsonArray ?? []).OfType<JsonObject>().Select(item =>
        {
            item["apiVersion"] ??= part.Asked.Resource.ApiVersion;
            item["kind"] ??= part.Asked.Resource.Kind;
            return item;
        });
    }

    /// <summary>1. What is there. 2. What comes after that, until the server or the user ends it.</summary>
    private static async Task<int> Watch(ClusterSession session, Options options, IReadOnlyList<Asked> asked, CancellationToken cancel)
    {
        if (asked.Count != 1) throw new CommandException("you may only specify a single resource type");
        var table = Table(options, asked[0].Resource, several: false);
        if (asked[0].Name.Length > 0) await Read(session, options, asked[0], cancel);                                      // tells that it is not there
        var list = await Read(session, options, asked[0] with { Name = "" }, asked[0].Name, cancel);                        // 1
        if (!options.WatchOnly && options.AsTable && !TableText.IsEmpty(list)) session.Output.Text(table.Write([list]));
        if (!options.WatchOnly && !options.AsTable)
            foreach (var obj in Objects(new(asked[0] with { Name = "" }, list))) Changed(session, options, table, asked[0], obj);
        var version = (string?)list["metadata"]?["resourceVersion"] ?? "";
        var call = Call(session, options, asked[0], $"watch=true&resourceVersion={version}");                                // 2
        await using var reply = await session.Client.Transport.WatchAsync(call with { UserAgent = session.Client.Options.UserAgent }, cancel);
        if (reply.Frames is not { } frames) throw new ApiException(ApiStatus.Parse(reply.Status, reply.Body.Span));
        while (await frames.NextAsync(cancel) is { Length: > 0 } frame)
        {
            var change = JsonNode.Parse(frame.Span)!.AsObject();
            if ((string?)change["type"] is "BOOKMARK" || change["object"] is not JsonObject obj) continue;
            if ((string?)change["type"] == "ERROR") throw new ApiException(ApiStatus.Parse(500, Encoding.UTF8.GetBytes(obj.ToJsonString())));
            Changed(session, options, table, asked[0], obj);
        }
        return 0;
    }

    private static async Task<JsonObject> Read(ClusterSession session, Options options, Asked all, string name, CancellationToken cancel)
    {
        var only = name.Length > 0 ? options with { Fields = "metadata.name=" + name } : options;
        return await Read(session, only, all, cancel);
    }

    private static void Changed(ClusterSession session, Options options, TableText table, Asked asked, JsonObject obj)
    {
        if (options.AsTable) session.Output.Text(table.Write([obj]));
        else if (options.Output == "name") session.Output.Text($"{Asked.Kind(asked.Resource)}/{obj["metadata"]?["name"]}\n");
        else session.Output.Text((options.Output == "yaml" ? "---\n" : "") + ObjectText.Write([obj], single: true, yaml: options.Output == "yaml"));
    }
}
