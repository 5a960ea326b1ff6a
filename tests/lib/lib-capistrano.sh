# A root that the real Capistrano makes, over the sshd of lib-sshd.sh.
#
#	capistrano_setup <repository>	once, behind start_sshd
#	capistrano_deploy <tag>		into $SSH_HOME/srv
#
# As its users have it: storage/ and .env are shared, .env with a value in it.

capistrano_setup () {
	mkdir -p cap/config/deploy "$SSH_HOME/srv/shared/storage" &&
	echo KEY=1 >"$SSH_HOME/srv/shared/.env" &&
	cat >cap/Capfile <<-\END &&
	require "capistrano/setup"
	require "capistrano/deploy"
	require "capistrano/scm/git"
	install_plugin Capistrano::SCM::Git
	END
	cat >cap/config/deploy.rb <<-END &&
	set :application, "app"
	set :repo_url, "$1"
	set :branch, ENV.fetch("TAG")
	set :deploy_to, "$SSH_HOME/srv"
	set :tmp_dir, "$SSH_HOME"
	set :linked_dirs, %w[storage]
	set :linked_files, %w[.env]
	set :keep_releases, 2
	set :format, :simpletext
	set :format_options, log_file: nil
	END
	cat >cap/config/deploy/production.rb <<-END
	server "127.0.0.1", user: "$(id -un)", port: $SSH_PORT, roles: %w[app]
	set :ssh_options, keys: ["$SSH_DIR/userkey"], keys_only: true,
	  config: false, auth_methods: %w[publickey], forward_agent: false,
	  user_known_hosts_file: "$SSH_DIR/known_hosts"
	END
}

# Names its releases by the second, so two of them need two seconds.
capistrano_deploy () {
	while test -d "$SSH_HOME/srv/releases/$(date -u +%Y%m%d%H%M%S)"
	do
		sleep 0.2
	done
	(cd cap && TAG=$1 cap production deploy)
}
