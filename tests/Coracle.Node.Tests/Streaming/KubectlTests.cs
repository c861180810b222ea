using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Coracle.Node.Containerd;
using Coracle.Node.Streaming;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coracle.Node.Tests.Streaming;

/// <summary>A real kubectl against our server side: an API server that knows one pod, behind Kestrel.</summary>
[Trait("Category", "kubectl")]
public sealed class KubectlTests : IAsyncLifetime
{
    private readonly CancellationToken _cancel = Wires.Limit;
    private readonly List<string> _protocols = [];
    private WebApplication _server = null!;
    private string _url = "";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        _server = builder.Build();
        _server.Run(Serve);
        await _server.StartAsync(_cancel);
        _url = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // ---- the API server

    private async Task Serve(HttpContext context)
    {
        var kind = context.Request.Path.Value switch
        {
            "/api/v1/namespaces/default/pods/p/exec" or "/api/v1/namespaces/default/pods/p/attach" => StreamingKind.RemoteCommand,
            "/api/v1/namespaces/default/pods/p/portforward" => StreamingKind.PortForward,
            _ => (StreamingKind?)null,
        };
        if (kind is null)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(context.Request.Path.Value switch
            {
                "/api" => """{"kind":"APIVersions","versions":["v1"]}""",
                "/apis" => """{"kind":"APIGroupList","apiVersion":"v1","groups":[]}""",
                "/api/v1" => """{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","singularName":"","namespaced":true,"kind":"Pod","verbs":["get"]}]}""",
                _ => """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","namespace":"default"},"spec":{"containers":[{"name":"main","image":"x","tty":false,"stdin":true}]},"status":{"phase":"Running"}}""",
            });
            return;
        }
        switch (UpgradeOffer.Decide(kind.Value, name => context.Request.Headers[name]))
        {
            case UpgradeOffer.Refused refused:
                context.Response.StatusCode = refused.StatusCode;
                await context.Response.WriteAsync(refused.Text);
                break;
            case UpgradeOffer.Accepted accepted:
                _protocols.Add(accepted.Protocol.Name);
                foreach (var (name, value) in accepted.Headers)
                    context.Response.Headers.Append(name, value);
                var stream = await context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
                await (kind == StreamingKind.PortForward ? Forward(stream, accepted.Protocol) : Run(stream, accepted.Protocol, context.Request.Query));
                break;
        }
    }

    private async Task Run(Stream stream, StreamingProtocol protocol, IQueryCollection query)
    {
        var streams = new RemoteCommandStreams
        {
            Stdin = query["stdin"] == "true", Stdout = query["stdout"] == "true", Stderr = query["stderr"] == "true", Tty = query["tty"] == "true",
        };
        var client = await RemoteCommandServer.Accept(stream, protocol, streams, TimeProvider.System, _cancel);
        var (asker, runner) = RemoteCommandSession.Pair(streams.Stdin, streams.Stdout, streams.Stderr, streams.Tty);
        var command = Command(runner, [.. query["command"].Select(word => word!)]);
        await RemoteCommandRelay.Run(client, asker, _cancel);
        await command;
    }

    /// <summary>Stands in for a container: says its words, then echoes its input, and exits with 3 when the last word is "fail".</summary>
    private async Task Command(RemoteCommandSession runner, string[] words)
    {
        try
        {
            await runner.Stdout!.WriteText(string.Join(' ', words) + "\n", _cancel);
            if (runner.Stdin is not null)
                await runner.Stdin.CopyToAsync(runner.Stdout!, _cancel);
            await runner.Stdout!.CompleteWrites(_cancel);
            if (runner.Stderr is not null)
            {
                await runner.Stderr.WriteText("on stderr\n", _cancel);
                await runner.Stderr.CompleteWrites(_cancel);
            }
            await runner.Error!.WriteAsync(CommandOutcome.FromExitCode(words is [.., "fail"] ? 3 : 0, words).ToStatusJson(), _cancel);
            await runner.Error!.CompleteWrites(_cancel);
        }
        catch (IOException)
        {
            // The client went away.
        }
    }

    private async Task Forward(Stream stream, StreamingProtocol protocol)
    {
        var server = await PortForwardServer.Accept(stream, protocol, [], TimeProvider.System);
        await PortForwardRelay.Run(server, (port, cancel) =>
        {
            var (asker, runner) = PortForwardStreams.Pair();
            _ = Answer(port, runner, cancel);
            return Task.FromResult(asker);
        }, "p", _cancel);

        static async Task Answer(int port, PortForwardStreams runner, CancellationToken cancel)
        {
            await runner.Data.WriteText($"port {port}\n", cancel);
            await runner.Data.CopyToAsync(runner.Data, cancel);
            await runner.Data.CompleteWrites(cancel);
            await runner.Error.CompleteWrites(cancel);
        }
    }

    // ---- kubectl

    private Process Kubectl(bool webSockets, params string[] arguments)
    {
        Assert.SkipUnless(ContainerdProcess.Locate("kubectl") is not null, "no kubectl on this machine");
        var start = new ProcessStartInfo("kubectl") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])["--server", _url, "--kubeconfig", "/dev/null", "--cache-dir", Path.Combine(Path.GetTempPath(), "coracle-test-kubectl"), .. arguments])
            start.ArgumentList.Add(word);
        start.Environment["KUBECTL_REMOTE_COMMAND_WEBSOCKETS"] = webSockets ? "true" : "false";
        start.Environment["KUBECTL_PORT_FORWARD_WEBSOCKETS"] = webSockets ? "true" : "false";
        start.Environment["NO_PROXY"] = "127.0.0.1";
        return Process.Start(start)!;
    }

    private async Task<(int Code, string Out, string Error)> Finish(Process kubectl, string input = "")
    {
        var output = kubectl.StandardOutput.ReadToEndAsync(_cancel);
        var errors = kubectl.StandardError.ReadToEndAsync(_cancel);
        await kubectl.StandardInput.WriteAsync(input);
        kubectl.StandardInput.Close();
        try
        {
            await kubectl.WaitForExitAsync(_cancel);
        }
        catch (OperationCanceledException)
        {
            kubectl.Kill();
            throw;
        }
        return (kubectl.ExitCode, await output, await errors);
    }

    [Theory]
    [InlineData(true, "v5.channel.k8s.io")]
    [InlineData(false, "v4.channel.k8s.io")]
    public async Task Exec_gives_both_outputs_and_the_exit_code(bool webSockets, string protocol)
    {
        using var kubectl = Kubectl(webSockets, "exec", "p", "--", "echo", "fail");
        var (code, output, errors) = await Finish(kubectl);
        Assert.Equal([protocol], _protocols);
        Assert.Equal("echo fail\n", output);
        Assert.Equal("on stderr\ncommand terminated with exit code 3\n", errors);
        Assert.Equal(3, code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Exec_sends_its_input_to_the_end(bool webSockets)
    {
        using var kubectl = Kubectl(webSockets, "exec", "-i", "p", "--", "cat");
        var input = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i:0000000}\n"));
        var (code, output, _) = await Finish(kubectl, input);
        Assert.Equal("cat\n" + input, output);
        Assert.Equal(0, code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Attach_joins_what_runs(bool webSockets)
    {
        using var kubectl = Kubectl(webSockets, "attach", "-i", "p");
        var (code, output, _) = await Finish(kubectl, "hello\n");
        Assert.Equal("\nhello\n", output);
        Assert.Equal(0, code);
    }

    [Theory]
    [InlineData(true, "SPDY/3.1+portforward.k8s.io")]
    [InlineData(false, "portforward.k8s.io")]
    public async Task Ports_are_forwarded_for_many_connections(bool webSockets, string protocol)
    {
        using var kubectl = Kubectl(webSockets, "port-forward", "p", ":80");
        try
        {
            var line = await kubectl.StandardOutput.ReadLineAsync(_cancel); // Forwarding from 127.0.0.1:NNNNN -> 80
            if (line is null)
                Assert.Fail(await kubectl.StandardError.ReadToEndAsync(_cancel));
            var port = int.Parse(line.Split(' ')[2].Split(':')[1]);
            for (var i = 0; i < 5; i++)
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port, _cancel);
                var stream = client.GetStream();
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"hello {i}\n"), _cancel);
                client.Client.Shutdown(SocketShutdown.Send);
                Assert.Equal($"port 80\nhello {i}\n", await stream.ReadToEnd(_cancel));
            }
            Assert.Equal([protocol], _protocols);
        }
        finally
        {
            kubectl.Kill();
            await kubectl.WaitForExitAsync(CancellationToken.None);
        }
    }
}
