using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.Commands.Cluster;
using Coracle.Sdk;

namespace Coracle.Commands;

/// <summary>coracle apply: makes the cluster's objects be as files say, by server-side apply.</summary>
internal static class ApplyCommand
{
    private const string ConflictHelp = """

        Please review the fields above--they currently have other managers. Here
        are the ways you can resolve this warning:
        * If you intend to manage all of these fields, please re-run the apply
          command with the `--force-conflicts` flag.
        * If you do not intend to manage all of the fields, please edit your
          manifest to remove references to the fields that should keep their
          current managers.
        * You may co-own fields by updating your manifest to match the existing
          value; in this case, you'll become the manager if the other manager(s)
          stop managing the field (remove it from their configuration).
        See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
        """;

    private sealed record Options(IReadOnlyList<string> Files, bool DryRun, bool Force, string Manager);

    public static Command Create()
    {
        var cluster = new ClusterOptions();
        var files = new Option<string[]>("--filename", "-f") { Description = "File, folder or - for the standard input", Required = true };
        var dryRun = new Option<string>("--dry-run") { Description = "none, or server: all but the write itself", DefaultValueFactory = _ => "none" };
        var force = new Option<bool>("--force-conflicts") { Description = "Take over fields that others manage" };
        var manager = new Option<string>("--field-manager") { Description = "Who manages the fields that are set", DefaultValueFactory = _ => "coracle" };
        dryRun.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not ("none" or "server")) result.AddError("--dry-run is 'none' or 'server'");
        });
        var command = new Command("apply", "Make objects be as files say") { files, dryRun, force, manager };
        cluster.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var options = new Options(parsed.GetValue(files)!, parsed.GetValue(dryRun) == "server", parsed.GetValue(force), parsed.GetValue(manager)!);
            return cluster.Run(parsed, session => Run(session, options, cancel));
        });
        return command;
    }

    private static async Task<int> Run(ClusterSession session, Options options, CancellationToken cancel)
    {
        var manifests = await Manifests.Read(options.Files, Console.In, cancel);
        if (manifests.Count == 0) throw new CommandException("no objects passed to apply");
        var failures = new List<Exception>();
        foreach (var manifest in manifests)
            try
            {
                var placed = await Placed.Of(session, manifest, cancel);
                var json = await Apply(session, placed, options, cancel);
                session.Output.Line($"{Asked.Kind(placed.Resource)}/{json["metadata"]?["name"]} serverside-applied{(options.DryRun ? " (server dry run)" : "")}");
            }
            catch (ApiException e)
            {
                failures.Add(e.Status.Reason == "Conflict" ? new CommandException(e.Status.Message + ConflictHelp) : e);
            }
            catch (CommandException e)
            {
                failures.Add(e);
            }
        CommandFailures.ThrowIfAny(failures);
        return 0;
    }

    private static async Task<JsonObject> Apply(ClusterSession session, Placed placed, Options options, CancellationToken cancel)
    {
        var query = new StringBuilder("fieldManager=").Append(Uri.EscapeDataString(options.Manager)).Append("&fieldValidation=Strict&force=").Append(options.Force ? "true" : "false");
        if (options.DryRun) query.Append("&dryRun=All");
        var reply = await session.Send(new()
        {
            Method = "PATCH", Path = placed.Resource.ObjectPath(placed.Key), Query = query.ToString(), ContentType = "application/apply-patch+yaml",
            Body = Encoding.UTF8.GetBytes(placed.Manifest.Json.ToJsonString()),
        }, cancel);
        return JsonNode.Parse(reply.Body.Span)!.AsObject();
    }
}
